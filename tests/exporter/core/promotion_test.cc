#include "exporter/core/promotion.h"

#include <gtest/gtest.h>

#include "exporter/core/tail/threshold.h"
#include "tests/exporter/core/simulated_service.h"

namespace promheal::anomaly {
namespace {

using Faults = SimulatedService::Faults;

const double kLogQ = LogAlertProbability(7.0, SimulatedService::kInterval);
constexpr int kHorizon = 100;

TrainingWindow WindowOf(const std::vector<std::pair<int, Faults>>& stretches) {
  SimulatedService service(1, false);
  TrainingWindow window(SimulatedService::Features().size(), 10'000);
  int i = 0;
  for (const auto& [rows, faults] : stretches) {
    for (int k = 0; k < rows; ++k) {
      window.Add(Time(SimulatedService::kInterval * i++), service.Next(faults), RowState::kNormal);
    }
  }
  return window;
}

Model ModelOf(const TrainingWindow& window) {
  return Train(SimulatedService::Features(), window, {.baseline_horizon = kHorizon}, {}, Time())
      .value();
}

TEST(PromotionTest, AModelOfTheSameServiceIsPromoted) {
  const TrainingWindow window = WindowOf({{900, {}}});
  const Model current = ModelOf(WindowOf({{400, {}}}));
  EXPECT_FALSE(
      JudgesWorse(ModelOf(window), current, window, {.baseline_horizon = kHorizon}, kLogQ));
}

TEST(PromotionTest, AModelThatAlertsOnOrdinaryRowsIsNotPromoted) {
  const TrainingWindow recent = WindowOf({{400, {}}});
  Model degenerate = ModelOf(recent);
  for (FeatureModel& feature : degenerate.feature_models) {
    feature.above.scale *= 1e-3;
    feature.below.scale *= 1e-3;
  }
  degenerate.features.specs[0].minimum_relative = degenerate.features.specs[0].minimum_absolute = 0;
  degenerate.evidence_tail.scale *= 1e-3;
  const TrainingOptions options{.baseline_horizon = kHorizon, .persistence = 1};
  EXPECT_GT(AlertsOnRecentNormal(degenerate, recent, options, kLogQ), 2);
  EXPECT_TRUE(JudgesWorse(degenerate, ModelOf(recent), recent, options, kLogQ));
}

TEST(PromotionTest, OnlyTheLatestRowsAreJudgedAndAnEmptyWindowRaisesNoAlert) {
  const Model model = ModelOf(WindowOf({{400, {}}}));
  const TrainingOptions options{.baseline_horizon = kHorizon};
  EXPECT_EQ(AlertsOnRecentNormal(model, TrainingWindow(4, 10), options, kLogQ), 0);
  const TrainingWindow long_ago = WindowOf({{50, {}}, {20, {.traffic = 8.0}}, {600, {}}});
  EXPECT_EQ(AlertsOnRecentNormal(model, long_ago, options, kLogQ), 0);
  const TrainingWindow of_late = WindowOf({{350, {}}, {20, {.traffic = 8.0}}, {30, {}}});
  EXPECT_GE(AlertsOnRecentNormal(model, of_late, options, kLogQ), 1);
}

}  // namespace
}  // namespace promheal::anomaly
