#include "webhook/executors/change_reports.h"

#include <gtest/gtest.h>

namespace promheal::healing {
namespace {

constexpr auto kDone = ActionResult::kDone;
constexpr auto kFailed = ActionResult::kFailed;
constexpr auto kUnknown = ActionResult::kUnknown;

TEST(ChangeReportsTest, UnknownIsWorseThanFailedAndFailedWorseThanDone) {
  EXPECT_EQ(WorseOf(kDone, kDone), kDone);
  EXPECT_EQ(WorseOf(kDone, kFailed), kFailed);
  EXPECT_EQ(WorseOf(kFailed, kDone), kFailed);
  EXPECT_EQ(WorseOf(kFailed, kUnknown), kUnknown);
  EXPECT_EQ(WorseOf(kUnknown, kDone), kUnknown);
}

TEST(ChangeReportsTest, PutsTheReportsOfAllChangesIntoOne) {
  const OverrideChange first{.keeper = "a", .subject = "orders"};
  const OverrideChange second{.keeper = "b", .subject = "payments"};
  OverrideChange applied = first;
  applied.run = "pid 1";
  const OverrideReport all = Together({.percent = 40, .changes = {first, second}},
                                      {{kDone, Standing::kPending, "none -> 40%", applied},
                                       {kFailed, Standing::kUnreadable, "trouble", second}});
  EXPECT_EQ(all.result, kFailed);
  EXPECT_EQ(all.detail, "orders: none -> 40%; payments: trouble");
  EXPECT_EQ(all.now, (Override{.percent = 40, .changes = {applied, second}}));
  EXPECT_EQ(all.found, (std::vector<Standing>{Standing::kPending, Standing::kUnreadable}));
}

TEST(ChangeReportsTest, NamesTheKeepersOfPlacesThatHaveTheSameName) {
  const OverrideChange here{.keeper = "a", .subject = "orders/orders-4@10.0.0.7:80"};
  const OverrideChange there{.keeper = "b", .subject = "orders/orders-4"};
  const ChangeReport report{.result = kDone, .text = "already member"};
  EXPECT_EQ(Together({.changes = {here, there}}, {report, report}).detail,
            "a orders/orders-4@10.0.0.7:80: already member; b orders/orders-4: already member");
}

}  // namespace
}  // namespace promheal::healing
