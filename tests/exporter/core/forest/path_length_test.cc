#include "exporter/core/forest/path_length.h"

#include <gtest/gtest.h>

#include <cmath>

namespace promheal::anomaly {
namespace {

// By hand from c(n) = 2 H(n-1) - 2 (n-1)/n; the large ones from Python's fractions.Fraction and
// math.fsum.
TEST(PathLengthTest, IsTheAverageUnsuccessfulSearchOfABinarySearchTree) {
  EXPECT_EQ(AveragePathLength(0), 0);
  EXPECT_EQ(AveragePathLength(1), 0);
  EXPECT_DOUBLE_EQ(AveragePathLength(2), 1);
  EXPECT_DOUBLE_EQ(AveragePathLength(3), 5.0 / 3);
  EXPECT_DOUBLE_EQ(AveragePathLength(4), 13.0 / 6);
  EXPECT_NEAR(AveragePathLength(256), 10.248689925634562, 1e-13);
  EXPECT_NEAR(AveragePathLength(65536), 21.335156366471573, 1e-13);
}

TEST(PathLengthTest, GoesOnSmoothlyWhereTheHarmonicSumBecomesASeries) {
  for (std::uint32_t n = 250; n < 264; ++n) {
    const double step = AveragePathLength(n + 1) - AveragePathLength(n);
    EXPECT_NEAR(step, 2.0 / n - 2.0 / (double{1} * n * (n + 1)), 1e-13) << n;
  }
}

TEST(PathLengthTest, ScoresHalfForTheAverageAndTowardsOneForTheIsolated) {
  EXPECT_DOUBLE_EQ(ScoreOfPathLength(AveragePathLength(256), 256), 0.5);
  EXPECT_DOUBLE_EQ(ScoreOfPathLength(0, 256), 1);
  EXPECT_DOUBLE_EQ(ScoreOfPathLength(2 * AveragePathLength(256), 256), 0.25);
}

TEST(PathLengthTest, ScoresHalfWhereASingleSampleTeachesNothing) {
  EXPECT_EQ(ScoreOfPathLength(0, 1), 0.5);
}

}  // namespace
}  // namespace promheal::anomaly
