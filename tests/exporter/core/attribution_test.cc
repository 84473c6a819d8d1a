#include "exporter/core/attribution.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "exporter/core/forest/random.h"
#include "exporter/core/score.h"
#include "exporter/core/tail/threshold.h"
#include "exporter/core/train.h"
#include "exporter/core/unit_free.h"

namespace promheal::anomaly {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr int kForests = 30;
constexpr int kRowsEach = 25;

double Normal(Random& random) {
  return std::sqrt(-2.0 * std::log(1.0 - random.Unit())) * std::cos(2.0 * M_PI * random.Unit());
}

Eigen::RowVectorXd RandomRow(int size, double spread, Random& random) {
  Eigen::RowVectorXd row(size);
  for (double& value : row) value = 100.0 * std::exp(spread * Normal(random));
  return row;
}

// A model of one to five random features, and the rows of its adaptive baseline.
struct RandomModel {
  Model model;
  WindowRows latest;

  Score Of(const Eigen::RowVectorXd& values) const {
    std::vector<CellState> states;
    for (const double value : values) {
      states.push_back(std::isnan(value) ? CellState::kUndefined : CellState::kPresent);
    }
    return ScoreObservation(model, {Time(), latest, values, states},
                            LogAlertProbability(1.0, std::chrono::seconds(15)))
        .value();
  }
};

RandomModel TrainRandomly(Random& random) {
  FeatureSet features;
  const auto size = static_cast<int>(1 + random.Below(5));
  for (int j = 0; j < size; ++j) {
    features.specs.push_back(
        {.name = "f" + std::to_string(j), .direction = static_cast<Direction>(random.Below(3))});
  }
  constexpr int kRows = 300;
  TrainingWindow window(size, kRows);
  for (int i = 0; i < kRows; ++i) {
    window.Add(Time(std::chrono::seconds(15 * i)), RandomRow(size, 0.1, random), RowState::kNormal);
  }
  TrainingOptions options;
  options.forest = {.trees = 50, .subsample = 128, .seed = random.Next()};
  return {Train(features, window, options, {}, Time()).value(),
          window.LatestNormal(options.baseline_horizon)};
}

// The parts of a row's score, computed from the published score and the model only.
struct Parts {
  Eigen::RowVectorXd residuals;
  Explanation path;  // Contributions of the forest's columns.
  RangeFactor range;
  double forest_nats = 0.0;    // The forest's evidence.
  Eigen::RowVectorXd of_tail;  // Evidence of each feature's own tail.

  Parts(const Model& model, const Score& score) {
    const auto size = static_cast<Eigen::Index>(score.features.size());
    Eigen::RowVectorXd levels(size);
    residuals.resize(size);
    of_tail = Eigen::RowVectorXd::Zero(size);
    for (Eigen::Index j = 0; j < size; ++j) {
      const FeatureScore& published = score.features[static_cast<size_t>(j)];
      const FeatureModel& feature = model.feature_models[static_cast<size_t>(j)];
      const Direction direction = model.features.specs[static_cast<size_t>(j)].direction;
      const double level = ToUnitFree(published.value, feature.unit);
      levels(j) = level - feature.centre;
      residuals(j) = level - ToUnitFree(published.expected, feature.unit);
      if (direction != Direction::kDown) of_tail(j) = ExcessNats(feature.above, residuals(j));
      if (direction != Direction::kUp) {
        of_tail(j) = std::max(of_tail(j), ExcessNats(feature.below, -residuals(j)));
      }
    }
    const Eigen::RowVectorXd context = ContextRows(model.columns, levels, residuals);
    path = model.forest.Explain(context);
    range = ComputeRangeFactor(model.bounds, context);
    // The isolation score is 2^(-e^-t).
    const double statistic = -std::log(-std::log2(score.isolation_score));
    forest_nats = ExcessNats(model.isolation_tail, statistic);
  }

  // By how much each feature shortened the row's path, in units of an average path.
  Eigen::RowVectorXd ShortenedPath(const Model& model) const {
    Eigen::RowVectorXd shortened = Eigen::RowVectorXd::Zero(residuals.size());
    for (size_t k = 0; k < model.columns.size(); ++k) {
      const double delta = path.contributions(static_cast<Eigen::Index>(k));
      shortened(model.columns[k].feature) += std::max(0.0, delta);
    }
    if (range.column < 0) return shortened;
    const double depth_ratio = path.baseline - path.contributions.sum();
    shortened(model.columns[static_cast<size_t>(range.column)].feature) +=
        (1.0 - range.factor) * depth_ratio;
    return shortened;
  }
};

// Random rows of random forests: ordinary rows, rows far out of range, rows with missing values.
template <typename Check>
void ForRandomRows(const Check& check) {
  for (uint64_t seed = 0; seed < kForests; ++seed) {
    Random random(seed, 0);
    const RandomModel trained = TrainRandomly(random);
    const int size = trained.model.features.size();
    for (int i = 0; i < kRowsEach; ++i) {
      Eigen::RowVectorXd row = RandomRow(size, i % 3 == 0 ? 1.5 : 0.2, random);
      if (i % 4 == 1 && size > 1) row(random.Below(static_cast<uint32_t>(size))) = kNaN;
      const Score score = trained.Of(row);
      SCOPED_TRACE(testing::Message() << "forest " << seed << ", row " << row);
      check(trained.model, score, Parts(trained.model, score));
    }
  }
}

TEST(AttributionTest, PathDeltasOfARowAddUpToItsIsolationScore) {
  ForRandomRows([](const Model&, const Score& score, const Parts& parts) {
    const double depth_ratio = parts.path.baseline - parts.path.contributions.sum();
    EXPECT_NEAR(score.range_factor, parts.range.factor, 1e-9);
    EXPECT_NEAR(std::exp2(-score.range_factor * depth_ratio), score.isolation_score, 1e-3);
  });
}

TEST(AttributionTest, PublishedContributionsAreSharesOfOne) {
  int unusual = 0;
  ForRandomRows([&](const Model&, const Score& score, const Parts& parts) {
    double sum = 0.0;
    for (const FeatureScore& feature : score.features) {
      EXPECT_GE(feature.contribution, 0.0);
      sum += feature.contribution;
    }
    const bool stands_out = parts.forest_nats > 0.0 || parts.of_tail.sum() > 0.0;
    EXPECT_NEAR(sum, stands_out ? 1.0 : 0.0, 1e-9);
    unusual += stands_out ? 1 : 0;
  });
  EXPECT_GT(unusual, kForests * kRowsEach / 4);
}

// A feature's published share of all evidence, without its own tail's, is its share of the forest's
// evidence: by how much its columns' path deltas and the range factor shortened the path.
TEST(AttributionTest, PublishedContributionsAddUpToTheForestsPartOfTheScore) {
  int with_forest = 0;
  ForRandomRows([&](const Model& model, const Score& score, const Parts& parts) {
    const Eigen::RowVectorXd shortened = parts.ShortenedPath(model);
    if (parts.forest_nats <= 0.0 || shortened.sum() <= 0.0) return;
    ++with_forest;
    const double whole = parts.forest_nats + parts.of_tail.sum();
    double sum = 0.0;
    for (size_t j = 0; j < score.features.size(); ++j) {
      const auto column = static_cast<Eigen::Index>(j);
      const double of_forest = score.features[j].contribution * whole - parts.of_tail(column);
      EXPECT_NEAR(of_forest, parts.forest_nats * shortened(column) / shortened.sum(), 1e-6 * whole);
      sum += of_forest;
    }
    EXPECT_NEAR(sum, parts.forest_nats, 1e-6 * whole);
  });
  EXPECT_GT(with_forest, kForests * kRowsEach / 4);
}

}  // namespace
}  // namespace promheal::anomaly
