#include "tests/bench/labelled_data.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "exporter/core/forest/isolation_forest.h"

namespace promheal::anomaly {
namespace {

constexpr int kSeeds = 10;

// The area under the curve, over ten seeds.
struct Area {
  double mean;
  double deviation;  // Standard deviation over seeds, not of the mean.
};

// From scikit-learn 1.2.1 with 100 trees of 256 samples: tests/bench/sklearn_auc.py.
struct Reference {
  const char* file;
  Area area;
};
constexpr Reference kReferences[] = {
    {"breastw.csv.gz", {0.9873, 0.0014}},
    {"mammography.csv.gz", {0.8615, 0.0075}},
    {"pima.csv.gz", {0.6707, 0.0074}},
    {"satellite.csv.gz", {0.7008, 0.0198}},
};

Area AreaOverSeeds(const LabelledData& data) {
  Eigen::VectorXd areas(kSeeds);
  for (int seed = 0; seed < kSeeds; ++seed) {
    const IsolationForest forest =
        IsolationForest::Fit(data.rows, {.seed = static_cast<std::uint64_t>(seed)}).value();
    areas[seed] = AreaUnderCurve(forest.ScoreBatch(data.rows), data.labels);
  }
  const double mean = areas.mean();
  return {mean, std::sqrt((areas.array() - mean).square().sum() / (kSeeds - 1))};
}

TEST(LabelledDataTest, RanksAnomaliesAsWellAsScikitLearn) {
  const char* folder = std::getenv("PROMHEAL_EVAL");
  if (folder == nullptr) GTEST_SKIP() << "set PROMHEAL_EVAL to a folder with forest/*.csv.gz";
  for (const Reference& reference : kReferences) {
    const auto path = std::filesystem::path(folder) / "forest" / reference.file;
    ASSERT_TRUE(std::filesystem::exists(path)) << path;
    const Area ours = AreaOverSeeds(ReadLabelledData(path));
    // The 99 % interval of the difference of two means of ten: Student's t with 18 degrees of
    // freedom.
    const double interval =
        2.878 * std::sqrt((ours.deviation * ours.deviation +
                           reference.area.deviation * reference.area.deviation) /
                          kSeeds);
    EXPECT_NEAR(ours.mean, reference.area.mean, interval) << reference.file;
    std::printf("%s: %.4f, scikit-learn %.4f, interval +-%.4f\n", reference.file, ours.mean,
                reference.area.mean, interval);
  }
}

TEST(LabelledDataTest, CountsPairsThatAreInOrderAndHalfOfTheTies) {
  Eigen::VectorXd scores(4);
  scores << 0.9, 0.4, 0.4, 0.1;
  // Pairs (anomaly, normal): (0.9, 0.4), (0.9, 0.1), (0.4, 0.1) are in order, (0.4, 0.4) is a tie.
  EXPECT_DOUBLE_EQ(AreaUnderCurve(scores, {true, true, false, false}), 3.5 / 4);
}

}  // namespace
}  // namespace promheal::anomaly
