#include "exporter/core/train.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "exporter/core/isolation.h"
#include "tests/exporter/core/simulated_service.h"

namespace promheal::anomaly {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

TrainingWindow ServiceWindow(int rows) {
  SimulatedService service(1, true);
  TrainingWindow window(SimulatedService::Features().size(), rows);
  for (int i = 0; i < rows; ++i) {
    window.Add(Time(SimulatedService::kInterval * i), service.Next({}), RowState::kNormal);
  }
  return window;
}

TEST(TrainTest, RefusesTooFewSamplesAndFeaturesWithoutValues) {
  struct Row {
    const char* why;
    int rows;
    double value;
    std::optional<NotTrainable> refusal;
  };
  for (const Row& row : std::vector<Row>{
           {"nothing yet", 0, 1.0, NotTrainable::kTooFewSamples},
           {"one too few", 39, 1.0, NotTrainable::kTooFewSamples},
           {"just enough", 40, 1.0, std::nullopt},
           {"rows enough, but all of them empty", 40, kNaN, NotTrainable::kNoUsableFeature},
       }) {
    TrainingWindow window(1, 100);
    for (int i = 0; i < row.rows; ++i) {
      window.Add(Time(std::chrono::seconds(i)), Eigen::RowVectorXd::Constant(1, row.value),
                 RowState::kNormal);
    }
    EXPECT_EQ(WhyNotTrainable(window, {.minimum_rows = 40}), row.refusal) << row.why;
  }
}

TEST(TrainTest, TheSameWindowGivesTheSameModel) {
  const TrainingWindow window = ServiceWindow(200);
  const FeatureSet features = SimulatedService::Features();
  const Model first = Train(features, window, {}, {}, Time()).value();
  const Model second = Train(features, window, {}, {}, Time()).value();
  EXPECT_EQ(first.forest.Serialize(), second.forest.Serialize());
  EXPECT_EQ(first.feature_models, second.feature_models);
  EXPECT_EQ(first.evidence_tail, second.evidence_tail);
  EXPECT_EQ(first.isolation_tail, second.isolation_tail);
}

TEST(TrainTest, AFeatureThatIsMostlyMissingIsLeftOut) {
  TrainingWindow window(2, 100);
  for (int i = 0; i < 100; ++i) {
    window.Add(Time(std::chrono::seconds(i)), Eigen::RowVector2d(i % 10, i < 19 ? 1.0 : kNaN),
               RowState::kNormal);
  }
  const FeatureSet features{.specs = {{.name = "a"}, {.name = "b"}}};
  const Model model = Train(features, window, {.minimum_rows = 40}, {}, Time()).value();
  EXPECT_TRUE(model.feature_models[0].usable);
  EXPECT_FALSE(model.feature_models[1].usable);
  EXPECT_EQ(model.columns.size(), 2U);
}

TEST(TrainTest, EvidenceOfOrdinaryRowsIsExponentialWithMeanOne) {
  const Model model =
      Train(SimulatedService::Features(), ServiceWindow(1440), {.persistence = 1}, {}, Time())
          .value();
  const auto& excesses = model.tail_evidence.excesses;
  ASSERT_GT(excesses.size(), 50U);
  const double sum = std::accumulate(excesses.begin(), excesses.end(), 0.0);
  EXPECT_NEAR(sum / static_cast<double>(excesses.size()), 1.0, 0.35);
}

TEST(TrainTest, WrongForestOptionsAreAnError) {
  const Result<Model> model =
      Train(SimulatedService::Features(), ServiceWindow(50), {.forest = {.trees = 0}}, {}, Time());
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().code, ErrorCode::kInvalidArgument);
}

TEST(IsolationTest, ScoreIsTwoToTheMinusFTimesDepth) {
  // A statistic of -ln(f E[h]/c): depth 1.2 of average, a quarter of it in range.
  EXPECT_DOUBLE_EQ(IsolationScore(-std::log(0.25 * 1.2)), std::exp2(-0.3));
}

TEST(IsolationTest, EqualsTheClassicScoreInRangeAndExceedsItOutside) {
  const Eigen::MatrixXd rows = Eigen::MatrixXd::Random(500, 2);
  const IsolationForest forest = IsolationForest::Fit(rows, {}).value();
  const RangeBounds bounds = FitRangeBounds(rows, 0.0, Eigen::RowVector2d::Zero());
  const Eigen::RowVectorXd inside = Eigen::RowVector2d(0.1, -0.3);
  const Eigen::RowVectorXd outside = Eigen::RowVector2d(9.0, -0.3);
  EXPECT_NEAR(IsolationScore(Isolate(forest, bounds, inside).statistic), forest.Score(inside),
              1e-12);
  EXPECT_GT(IsolationScore(Isolate(forest, bounds, outside).statistic), forest.Score(outside));
}

}  // namespace
}  // namespace promheal::anomaly
