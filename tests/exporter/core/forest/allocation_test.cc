#include <gtest/gtest.h>

#include "exporter/core/forest/isolation_forest.h"
#include "tests/exporter/core/forest/counted_new.h"
#include "tests/exporter/core/forest/made_samples.h"

namespace promheal::anomaly {
namespace {

template <typename Work>
int AllocationsOf(Work work) {
  const int before = Allocations();
  work();
  return Allocations() - before;
}

TEST(AllocationTest, ScoresARowWithoutAllocating) {
  const IsolationForest forest = IsolationForest::Fit(NormalSamples(1000, 8), {}).value();
  Eigen::MatrixXd rows = NormalSamples(2, 8, 3);
  rows(1, 4) = kNaN;
  double score = forest.Score(rows.row(0));  // The first call makes a table of path lengths.
  EXPECT_EQ(AllocationsOf([&] { score += forest.Score(rows.row(0)); }), 0);
  EXPECT_EQ(AllocationsOf([&] { score += forest.Score(rows.row(1)); }), 0);
  EXPECT_GT(score, 0);
}

TEST(AllocationTest, AllocatesAsOftenForManyRowsAsForFew) {
  const IsolationForest forest = IsolationForest::Fit(NormalSamples(1000, 8), {}).value();
  Eigen::MatrixXd rows = NormalSamples(20'000, 8, 3);
  rows(4321, 2) = kNaN;
  Eigen::VectorXd scores(rows.rows());
  const auto score = [&](Eigen::Index count) {
    forest.ScoreBatch(rows.topRows(count), BestKernel(), scores.head(count));
  };
  EXPECT_EQ(AllocationsOf([&] { score(20'000); }), AllocationsOf([&] { score(1000); }));
}

}  // namespace
}  // namespace promheal::anomaly
