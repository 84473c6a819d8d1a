#include "exporter/core/feature_table.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace promheal::anomaly {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

FeatureSet RequestsAndLatency() {
  return {.specs = {{.name = "requests"}, {.name = "latency", .traffic_floor = 0.5}}, .traffic = 0};
}

Sample Of(std::string service, double value) {
  return {
      .labels = {{"service", std::move(service)}, {"instance", "a"}}, .time = {}, .value = value};
}

FeatureTable Build(const FeatureSet& features, const std::vector<FeatureColumn>& columns) {
  return BuildFeatureTable(features, {"service"}, columns);
}

TEST(FeatureTableTest, HasARowForEachTargetOfAnyFeature) {
  const FeatureTable table =
      Build(RequestsAndLatency(),
            {{.samples = {Of("orders", 10)}}, {.samples = {Of("auth", 0.1), Of("orders", 0.2)}}});
  ASSERT_EQ(table.targets, (std::vector<Labels>{{{"service", "auth"}}, {{"service", "orders"}}}));
  EXPECT_EQ(table.values(1, 0), 10);
  EXPECT_EQ(table.values(1, 1), 0.2);
}

TEST(FeatureTableTest, TellsMissingSeriesNaNAndZeroApart) {
  const FeatureTable table =
      Build(RequestsAndLatency(),
            {{.samples = {Of("a", 0), Of("b", kNaN), Of("c", kInf)}}, {.samples = {Of("d", 1)}}});
  EXPECT_EQ(table.states[0][0], CellState::kPresent);
  EXPECT_EQ(table.values(0, 0), 0.0);
  EXPECT_EQ(table.states[1][0], CellState::kUndefined);
  EXPECT_EQ(table.states[2][0], CellState::kUndefined);
  EXPECT_EQ(table.states[3][0], CellState::kAbsent);
  for (int i = 1; i < 4; ++i) EXPECT_TRUE(std::isnan(table.values(i, 0))) << i;
}

TEST(FeatureTableTest, MissesAFeatureOfEveryTargetWhenItsQueryFailed) {
  FeatureSet features = RequestsAndLatency();
  features.specs[1].absent_is_zero = true;  // A failed query is not zero even then.
  const FeatureTable table =
      Build(features, {{.samples = {Of("a", 1), Of("b", 2)}}, {.failed = true}});
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(table.states[static_cast<size_t>(i)][1], CellState::kQueryFailed);
    EXPECT_TRUE(std::isnan(table.values(i, 1)));
  }
}

TEST(FeatureTableTest, FillsInZeroForAnAbsentSeriesIfConfigured) {
  FeatureSet features = RequestsAndLatency();
  features.specs[0].absent_is_zero = true;
  const FeatureTable table = Build(features, {{}, {.samples = {Of("a", 0.1)}}});
  EXPECT_EQ(table.states[0][0], CellState::kPresent);
  EXPECT_EQ(table.values(0, 0), 0.0);
}

TEST(FeatureTableTest, ValuesOfTooLittleTrafficAreMissing) {
  const FeatureTable table =
      Build(RequestsAndLatency(), {{.samples = {Of("busy", 0.5), Of("idle", 0.49)}},
                                   {.samples = {Of("busy", 1), Of("idle", 1)}}});
  EXPECT_EQ(table.states[0][1], CellState::kPresent);
  EXPECT_EQ(table.states[1][1], CellState::kBelowTrafficFloor);
  EXPECT_TRUE(std::isnan(table.values(1, 1)));
  EXPECT_EQ(table.values(1, 0), 0.49)
      << "traffic itself has no floor: a drop to 0 must still alarm";
}

TEST(FeatureTableTest, AppliesNoFloorWhileTrafficIsUnknown) {
  const FeatureTable table =
      Build(RequestsAndLatency(), {{.failed = true}, {.samples = {Of("a", 1)}}});
  EXPECT_EQ(table.values(0, 1), 1);
}

TEST(FeatureTableTest, RefusesToChooseBetweenTwoSeriesOfOneTarget) {
  const FeatureTable table = Build(
      RequestsAndLatency(), {{.samples = {Of("a", 1), Of("a", 2), Of("a", 3)}}, {.samples = {}}});
  ASSERT_EQ(table.targets.size(), 1U);
  EXPECT_EQ(table.states[0][0], CellState::kAmbiguous);
  EXPECT_TRUE(std::isnan(table.values(0, 0)));
  EXPECT_EQ(table.ambiguous_cells, 1);
}

TEST(FeatureTableTest, LeavesOutSamplesWithoutTheTargetLabels) {
  const Sample total{.labels = {}, .time = {}, .value = 5};
  const FeatureTable table =
      Build(RequestsAndLatency(), {{.samples = {total, Of("a", 1)}}, {.samples = {}}});
  EXPECT_EQ(table.targets.size(), 1U);
  EXPECT_EQ(table.unlabelled_samples, 1);
}

TEST(FeatureTableTest, IsEmptyWhenEverythingFailed) {
  const FeatureTable table = Build(RequestsAndLatency(), {{.failed = true}, {.failed = true}});
  EXPECT_TRUE(table.targets.empty());
  EXPECT_EQ(table.values.rows(), 0);
}

}  // namespace
}  // namespace promheal::anomaly
