#include "services/shop/landing_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promheal::shop {
namespace {

using testing::HasSubstr;
using testing::Not;

const ShopDescription kShop = {
    .name = "or<d>ers",
    .summary = "Sells & buys.",
    .default_listen_address = "",
    .routes = {{"GET", "/items", "lists the goods", {}}, {"POST", "/checkout", "buys", {}}}};

TEST(LandingPageTest, ShowsWhatTheServiceIsAndHowBusy) {
  const std::string page = LandingPage(kShop, {8, 2, 1}, false);
  EXPECT_THAT(page, HasSubstr("<h1>or&lt;d&gt;ers</h1><p>Sells &amp; buys.</p>"));
  EXPECT_THAT(page, HasSubstr("2 of 8 workers are busy, 1 requests wait."));
  EXPECT_THAT(page, HasSubstr("width:25%"));
}

TEST(LandingPageTest, LinksWhatABrowserCanGet) {
  const std::string page = LandingPage(kShop, {8, 0, 0}, false);
  EXPECT_THAT(page, HasSubstr("<a href=\"items\">"));
  EXPECT_THAT(page, HasSubstr("<code>/checkout</code>"));
  EXPECT_THAT(page, Not(HasSubstr("href=\"checkout\"")));
  EXPECT_THAT(page, HasSubstr("href=\"metrics\""));
}

TEST(LandingPageTest, OffersToBreakTheServiceOnlyWhereFaultsAreEnabled) {
  EXPECT_THAT(LandingPage(kShop, {8, 0, 0}, false), Not(HasSubstr("fault")));
  EXPECT_THAT(LandingPage(kShop, {8, 0, 0}, true), HasSubstr("fault?mode=crash"));
}

}  // namespace
}  // namespace promheal::shop
