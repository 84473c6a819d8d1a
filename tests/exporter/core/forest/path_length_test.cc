#include "exporter/core/forest/path_length.h"

#include <gtest/gtest.h>

#include <cmath>

#include "exporter/core/forest/score_scale.h"

namespace promheal::anomaly {
namespace {

// Computed by hand from c(n) = 2 H(n-1) - 2 (n-1)/n; for large n with Python's fractions.Fraction
// and math.fsum.
TEST(PathLengthTest, IsTheAverageUnsuccessfulSearchOfABinarySearchTree) {
  EXPECT_EQ(AveragePathLength(0), 0);
  EXPECT_EQ(AveragePathLength(1), 0);
  EXPECT_DOUBLE_EQ(AveragePathLength(2), 1);
  EXPECT_DOUBLE_EQ(AveragePathLength(3), 5.0 / 3);
  EXPECT_DOUBLE_EQ(AveragePathLength(4), 13.0 / 6);
  EXPECT_NEAR(AveragePathLength(256), 10.248689925634562, 1e-13);
  EXPECT_NEAR(AveragePathLength(65536), 21.335156366471573, 1e-13);
}

TEST(PathLengthTest, HasNoJumpWhereTheHarmonicSumBecomesASeries) {
  for (std::uint32_t n = 250; n < 264; ++n) {
    const double step = AveragePathLength(n + 1) - AveragePathLength(n);
    EXPECT_NEAR(step, 2.0 / n - 2.0 / (double{1} * n * (n + 1)), 1e-13) << n;
  }
}

// scikit-learn 1.2.1, sklearn.ensemble._iforest._average_path_length([1, 2, 3, 5, 256]).
TEST(PathLengthTest, ApproximatesAsScikitLearnDoesIfAsked) {
  EXPECT_EQ(AveragePathLength(1, PathLengthFormula::kScikitLearn), 0);
  EXPECT_EQ(AveragePathLength(2, PathLengthFormula::kScikitLearn), 1);
  EXPECT_NEAR(AveragePathLength(3, PathLengthFormula::kScikitLearn), 1.207392357589623, 1e-12);
  EXPECT_NEAR(AveragePathLength(5, PathLengthFormula::kScikitLearn), 2.327020052042847, 1e-12);
  EXPECT_NEAR(AveragePathLength(256, PathLengthFormula::kScikitLearn), 10.244770920119917, 1e-12);
}

TEST(PathLengthTest, HasATableInIntegerUnits) {
  for (const auto formula : {PathLengthFormula::kExact, PathLengthFormula::kScikitLearn}) {
    for (const std::uint32_t n : {0u, 1u, 2u, 3u, 256u, 65536u}) {
      EXPECT_NEAR(std::ldexp(FixedPathLengths(formula)[n], -kPathLengthBits),
                  AveragePathLength(n, formula), 0x1p-21);
    }
  }
}

TEST(PathLengthTest, ScoresHalfForTheAverageAndTowardsOneForTheIsolated) {
  const ScoreScale scale(10, 256, PathLengthFormula::kExact);
  const double average = std::ldexp(10 * AveragePathLength(256), kPathLengthBits);
  EXPECT_DOUBLE_EQ(scale.Score(average), 0.5);
  EXPECT_DOUBLE_EQ(scale.Score(0), 1);
  EXPECT_DOUBLE_EQ(scale.Score(2 * average), 0.25);
}

TEST(PathLengthTest, ScoresHalfWhereASingleSampleTeachesNothing) {
  EXPECT_EQ(ScoreScale(10, 1, PathLengthFormula::kExact).Score(0), 0.5);
}

}  // namespace
}  // namespace promheal::anomaly
