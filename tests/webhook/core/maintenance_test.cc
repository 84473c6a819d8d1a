#include "webhook/core/maintenance.h"

#include <gtest/gtest.h>

namespace promheal::healing {
namespace {

using namespace std::chrono_literals;

const Labels kOrders{{"service", "orders"}, {"scenario", "crash"}};

Time At(const char* text) { return *ParseRfc3339(text); }

const std::vector<MaintenanceWindow> kWindows = {
    {"deploys", {{"service", "orders|payments"}}, {{.times = {{2h, 4h}}}}},
    {"backup", {}, {{.times = {{3h, 5h}}}}},
    {"cellar", {{"service", "auth"}}, {{.times = {{0h, 24h}}, .weekdays = {{0, 6}}}}}};

TEST(MaintenanceTest, OutsideOfAnyWindowThereIsNone) {
  EXPECT_EQ(MaintenanceOf(kWindows, kOrders, At("2026-11-22T01:59:59Z")), std::nullopt);
  EXPECT_EQ(MaintenanceOf({}, kOrders, At("2026-11-22T02:00:00Z")), std::nullopt);
}

TEST(MaintenanceTest, LastsUntilTheLastWindowThatAppliesEnds) {
  EXPECT_EQ(MaintenanceOf(kWindows, kOrders, At("2026-11-22T02:00:00Z")),
            (Maintenance{"deploys", At("2026-11-22T05:00:00Z")}));
}

TEST(MaintenanceTest, WindowsOfOthersDoNotCount) {
  const Labels load{{"service", "load"}};
  EXPECT_EQ(MaintenanceOf(kWindows, load, At("2026-11-22T02:00:00Z")), std::nullopt);
  EXPECT_EQ(MaintenanceOf(kWindows, load, At("2026-11-22T03:00:00Z")),
            (Maintenance{"backup", At("2026-11-22T05:00:00Z")}));
}

TEST(MaintenanceTest, AWindowAloneIsOpenOrNot) {
  EXPECT_EQ(OpenWindow(kWindows[0], At("2026-11-22T03:30:00Z")),
            (Maintenance{"deploys", At("2026-11-22T04:00:00Z")}));
  EXPECT_EQ(OpenWindow(kWindows[0], At("2026-11-22T04:00:00Z")), std::nullopt);
}

TEST(MaintenanceTest, AnEndlessWindowHasNoEnd) {
  const Labels auth{{"service", "auth"}};
  EXPECT_EQ(MaintenanceOf(kWindows, auth, At("2026-11-22T12:00:00Z")),
            (Maintenance{"cellar", std::nullopt}));
}

}  // namespace
}  // namespace promheal::healing
