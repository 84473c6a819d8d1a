#include "exporter/core/score.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "exporter/core/tail/threshold.h"
#include "exporter/core/train.h"

namespace promheal::anomaly {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
const double kLogQ = LogAlertProbability(1.0, std::chrono::seconds(15));

FeatureSet ThreeFeatures(Direction direction = Direction::kBoth) {
  return {.specs = {{.name = "a", .direction = direction},
                    {.name = "b", .direction = direction},
                    {.name = "c", .direction = direction}}};
}

// Rows around 100 with a spread of about a tenth. In the first column, `stray` in a thousand values
// are 50 times as large.
struct Trained {
  Model model;
  WindowRows latest;
  Eigen::RowVectorXd largest;
};

Trained TrainOn(const FeatureSet& features, int rows = 1200, int stray = 0) {
  std::mt19937_64 generator(42);
  std::normal_distribution<double> normal;
  TrainingWindow window(features.size(), rows);
  Eigen::RowVectorXd largest = Eigen::RowVectorXd::Zero(features.size());
  for (int i = 0; i < rows; ++i) {
    Eigen::RowVectorXd values(features.size());
    for (double& value : values) value = 100.0 * std::exp(0.1 * normal(generator));
    largest = largest.cwiseMax(values);
    if (stray > 0 && i % (1000 / stray) == 500 / stray) values(0) *= 50.0;
    window.Add(Time(std::chrono::seconds(15 * i)), values, RowState::kNormal);
  }
  return {Train(features, window, {}, {}, Time()).value(), window.LatestNormal(240), largest};
}

Score ScoreOf(const Trained& trained, Eigen::RowVectorXd values) {
  std::vector<CellState> states;
  for (const double value : values) {
    states.push_back(std::isnan(value) ? CellState::kUndefined : CellState::kPresent);
  }
  return ScoreObservation(trained.model,
                          {Time(), trained.latest, std::move(values), std::move(states)}, kLogQ)
      .value();
}

TEST(ScoreTest, AnOrdinaryRowScoresFarBelowOne) {
  const Score score = ScoreOf(TrainOn(ThreeFeatures()), Eigen::RowVector3d(100, 105, 95));
  EXPECT_LT(score.anomaly_score, 0.3);
  EXPECT_LT(score.isolation_score, 0.5);
  EXPECT_EQ(score.range_factor, 1.0);
  EXPECT_EQ(score.coverage, 1.0);
}

TEST(ScoreTest, OneFeatureFarOutOutranksThreeAtThreeSigma) {
  for (const int stray_in_a_thousand : {0, 5}) {
    const Trained trained = TrainOn(ThreeFeatures(), 1200, stray_in_a_thousand);
    const double three_sigma = 100.0 * std::exp(0.3);
    const Score three = ScoreOf(trained, Eigen::RowVector3d(three_sigma, three_sigma, three_sigma));
    const Score alone = ScoreOf(trained, Eigen::RowVector3d(100.0 * trained.largest(0), 100, 100));
    EXPECT_GT(alone.anomaly_score, three.anomaly_score) << stray_in_a_thousand;
    EXPECT_GT(alone.isolation_score, three.isolation_score) << stray_in_a_thousand;
    EXPECT_GT(alone.anomaly_score, 1.0);
  }
}

TEST(ScoreTest, RisesStrictlyFromTheMaximumToAHundredTimesIt) {
  for (const int stray_in_a_thousand : {0, 5}) {
    const Trained trained = TrainOn(ThreeFeatures(), 1200, stray_in_a_thousand);
    double anomaly = 0.0;
    double isolation = 0.0;
    for (double factor = 1.0; factor <= 100.0; factor *= 1.1) {
      const Score score =
          ScoreOf(trained, Eigen::RowVector3d(trained.largest(0) * factor, 100, 100));
      EXPECT_GT(score.anomaly_score, anomaly) << factor;
      EXPECT_GT(score.isolation_score, isolation) << factor;
      anomaly = score.anomaly_score;
      isolation = score.isolation_score;
    }
  }
}

TEST(ScoreTest, AHarmlessDirectionDoesNotScore) {
  const Trained up = TrainOn(ThreeFeatures(Direction::kUp));
  EXPECT_LT(ScoreOf(up, Eigen::RowVector3d(1, 100, 100)).anomaly_score, 0.5);
  EXPECT_GT(ScoreOf(up, Eigen::RowVector3d(1000, 100, 100)).anomaly_score, 1.0);
  const Trained down = TrainOn(ThreeFeatures(Direction::kDown));
  EXPECT_GT(ScoreOf(down, Eigen::RowVector3d(1, 100, 100)).anomaly_score, 1.0);
  EXPECT_LT(ScoreOf(down, Eigen::RowVector3d(1000, 100, 100)).anomaly_score, 0.5);
}

TEST(ScoreTest, ADropToZeroScoresLikeASurge) {
  const Trained trained = TrainOn(ThreeFeatures());
  EXPECT_GT(ScoreOf(trained, Eigen::RowVector3d(0, 100, 100)).anomaly_score, 1.0);
}

TEST(ScoreTest, StaysBelowOneUntilADeviationReachesItsMinimum) {
  FeatureSet features = ThreeFeatures();
  for (FeatureSpec& spec : features.specs) spec.minimum_relative = 3.0;
  const Trained trained = TrainOn(features);
  const double expected = ScoreOf(trained, Eigen::RowVector3d(100, 100, 100)).features[0].expected;
  const auto at = [&](double minimums) {
    return ScoreOf(trained, Eigen::RowVector3d(expected * (1.0 + 3.0 * minimums), 100, 100))
        .anomaly_score;
  };
  EXPECT_NEAR(at(0.5), 0.5, 1e-9);
  EXPECT_NEAR(at(0.99), 0.99, 1e-9);
  EXPECT_GT(at(1.2), 1.0);
}

TEST(ScoreTest, NamesTheFeatureAndItsDeviation) {
  const Trained trained = TrainOn(ThreeFeatures());
  const Score score = ScoreOf(trained, Eigen::RowVector3d(100, 20, 100));
  EXPECT_EQ(score.top_feature, 1);
  const FeatureScore& b = score.features[1];
  EXPECT_EQ(b.value, 20);
  EXPECT_NEAR(b.expected, 100, 3);
  EXPECT_LT(b.deviation, -10);
  EXPECT_NEAR(b.lower, 77, 5);   // exp(-0.258): the 0.5 % quantile.
  EXPECT_NEAR(b.upper, 129, 8);  // exp(+0.258).
  EXPECT_GT(b.contribution, 0.8);
  double total = 0.0;
  for (const FeatureScore& feature : score.features) total += feature.contribution;
  EXPECT_NEAR(total, 1.0, 1e-9);
}

TEST(ScoreTest, TheFeatureThatAttainsTheRangeFactorLeadsAndItsDeviationHasASign) {
  const Trained trained = TrainOn(ThreeFeatures());
  for (const double factor : {5.0, 0.2}) {
    const Score score = ScoreOf(trained, Eigen::RowVector3d(120, 100, 100 * factor));
    EXPECT_LT(score.range_factor, 0.6);
    EXPECT_EQ(score.top_feature, 2);
    EXPECT_GT(score.features[2].contribution, 0.8);
    EXPECT_EQ(score.features[2].deviation > 0.0, factor > 1.0);
  }
}

TEST(ScoreTest, ASlowDriftThatTheBaselineFollowsStillLeavesTheRangeOfTheWindow) {
  FeatureSet features = ThreeFeatures();
  for (FeatureSpec& spec : features.specs) spec.minimum_relative = 0.5;
  const Trained trained = TrainOn(features);
  Observation observation{Time(), trained.latest, Eigen::RowVector3d(320, 100, 100),
                          std::vector(3, CellState::kPresent)};
  observation.latest_normal.values.col(0) *= 3.0;  // The baseline has followed the drift.
  EXPECT_LT(ScoreObservation(trained.model, observation, kLogQ)->anomaly_score, 1.0);
  observation.slow_normal = trained.latest;
  const Score drifted = *ScoreObservation(trained.model, observation, kLogQ);
  EXPECT_NEAR(drifted.features[0].expected, 300, 10) << "the baseline followed the drift";
  EXPECT_GT(drifted.anomaly_score, 1.0) << "but the training window does not contain such values";
  EXPECT_LT(ScoreOf(TrainOn(features), Eigen::RowVector3d(140, 100, 100)).anomaly_score, 1.0)
      << "slightly out of range is below the minimum deviation";
}

TEST(ScoreTest, SeveralDeviatingFeaturesShareContributions) {
  const Trained trained = TrainOn(ThreeFeatures());
  const Score score = ScoreOf(trained, Eigen::RowVector3d(400, 400, 100));
  EXPECT_GT(score.features[0].contribution, 0.3);
  EXPECT_GT(score.features[1].contribution, 0.3);
  EXPECT_LT(score.features[2].contribution, 0.1);
}

TEST(ScoreTest, ScoresWithThePresentFeatures) {
  const Trained trained = TrainOn(ThreeFeatures());
  const Score score = ScoreOf(trained, Eigen::RowVector3d(kNaN, 1000, kNaN));
  EXPECT_GT(score.anomaly_score, 1.0);
  EXPECT_NEAR(score.coverage, 1.0 / 3.0, 1e-12);
  EXPECT_EQ(score.top_feature, 1);
  EXPECT_TRUE(std::isnan(score.features[0].value));
  EXPECT_EQ(score.features[0].state, CellState::kUndefined);
  EXPECT_EQ(score.features[0].contribution, 0.0);
}

TEST(ScoreTest, HasNoScoreWithoutValues) {
  const Trained trained = TrainOn(ThreeFeatures());
  const Observation nothing{Time(), trained.latest, Eigen::RowVector3d::Constant(kNaN),
                            std::vector(3, CellState::kAbsent)};
  EXPECT_EQ(ScoreObservation(trained.model, nothing, kLogQ), std::nullopt);
}

TEST(ScoreTest, ABurstOfErrorsAfterNoneAtAllStandsOut) {
  FeatureSet features{
      .specs = {{.name = "requests", .minimum_relative = 0.5},
                {.name = "errors", .direction = Direction::kUp, .minimum_absolute = 0.05}}};
  TrainingWindow window(2, 100);
  for (int i = 0; i < 60; ++i) {
    window.Add(Time(std::chrono::seconds(i)), Eigen::RowVector2d(100 + i % 7, 0),
               RowState::kNormal);
  }
  const Model model = Train(features, window, {}, {}, Time()).value();
  const auto at = [&](double errors) {
    return ScoreObservation(model,
                            {Time(), window.LatestNormal(240), Eigen::RowVector2d(103, errors),
                             std::vector(2, CellState::kPresent)},
                            kLogQ)
        ->anomaly_score;
  };
  EXPECT_LT(at(0.0), 0.5);
  EXPECT_LE(at(0.04), 0.8 + 1e-9);
  EXPECT_GT(at(0.3), 1.0);
}

TEST(ScoreTest, ThresholdOfTheForestIsWhereTheForestAloneReachesOne) {
  const Trained trained = TrainOn(ThreeFeatures());
  const double threshold = IsolationScoreAtThreshold(trained.model, kLogQ);
  EXPECT_GT(threshold, 0.6);
  EXPECT_LT(threshold, 1.0);
}

}  // namespace
}  // namespace promheal::anomaly
