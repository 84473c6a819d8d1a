#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "exporter/core/forest/isolation_forest.h"
#include "exporter/core/forest/score_kernel.h"
#include "exporter/core/forest/score_scale.h"
#include "exporter/core/forest/tree_grower.h"
#include "tests/exporter/core/forest/made_samples.h"

namespace promheal::anomaly {
namespace {

std::uint32_t RankOf(const Tree& tree, std::uint32_t slot) {
  std::uint32_t rank = 0;
  for (std::uint32_t before = 0; before < slot; ++before) rank += tree.IsInner(before) ? 1 : 0;
  return rank;
}

// The path length of a row by the paper's algorithm 3, on the plain tree.
double PathLength(const Tree& tree, const std::vector<float>& row) {
  std::uint32_t slot = RootSlot(tree.height);
  std::uint32_t span = RootSpan(tree.height);
  std::uint32_t depth = 0;
  std::uint32_t leaf = 0;
  for (; depth < tree.height && tree.IsInner(slot); ++depth, span /= 2) {
    const std::uint32_t node = RankOf(tree, slot);
    const bool right = row[tree.features[node]] > tree.cuts[node];
    leaf = right ? node + 1 : node;
    slot += right ? span : -span;
  }
  if (depth < tree.height) leaf = RankOf(tree, slot);
  return depth + AveragePathLength(tree.leaf_samples[leaf]);
}

struct Case {
  const char* name;
  std::uint32_t trees;
  std::uint32_t subsample;
  Eigen::Index features;
  Eigen::Index rows;
};

// Forests with heights 1 to 12, and 13, which has no heap and is scored row by row; with few
// features (by parity) and many (by column); with rows that do not fill a block or a group; with so
// many trees that they need several heaps.
constexpr Case kCases[] = {
    {"the usual", 100, 256, 8, 3000},
    {"three features", 100, 256, 3, 1537},
    {"one feature", 50, 256, 1, 700},
    {"many features", 100, 256, 32, 1000},
    {"an odd number", 20, 256, 9, 513},
    {"very many features", 20, 256, 256, 300},
    {"too many features", 5, 256, 300, 300},
    {"height 1", 30, 2, 3, 400},
    {"height 2", 30, 4, 9, 400},
    {"height 3", 30, 7, 2, 400},
    {"height 5", 30, 32, 12, 400},
    {"height 6", 30, 60, 3, 400},
    {"height 9", 20, 500, 5, 400},
    {"height 12", 10, 4096, 20, 400},
    {"height 13", 5, 5000, 3, 400},
    {"several heaps", 900, 256, 4, 600},
    {"one tree", 1, 256, 3, 300},
    {"few rows", 10, 64, 3, 5},
};

// Rows inside and outside the training range, with infinite values, values on a cut, and missing
// values.
Eigen::MatrixXd OddRows(const Case& c) {
  Eigen::MatrixXd rows = 2 * NormalSamples(c.rows, c.features, 99);
  Random random(4, 4);
  for (Eigen::Index i = 0; i < c.rows; ++i) {
    const auto feature =
        static_cast<Eigen::Index>(random.Below(static_cast<std::uint32_t>(c.features)));
    const std::uint32_t kind = random.Below(12);
    if (kind == 0) rows(i, feature) = kInf;
    if (kind == 1) rows(i, feature) = -kInf;
    if (kind == 2) rows(i, feature) = kNaN;
    if (kind == 3) rows.row(i).setConstant(kNaN);
    if (kind == 4) rows.row(i).setConstant(i % 2 == 0 ? 1e300 : -1e300);
  }
  return rows;
}

std::vector<const ScoreKernel*> SupportedKernels() {
  std::vector<const ScoreKernel*> kernels;
  for (const ScoreKernel* kernel : {&ScalarKernel(), &Avx2Kernel(), &Avx512Kernel()}) {
    if (kernel->supported) kernels.push_back(kernel);
  }
  return kernels;
}

bool SameBits(const Eigen::VectorXd& a, const Eigen::VectorXd& b) {
  return std::memcmp(a.data(), b.data(), sizeof(double) * static_cast<std::size_t>(a.size())) == 0;
}

TEST(KernelTest, FollowsThePaperForForestsOfAnyShape) {
  for (const Case& c : kCases) {
    const Eigen::MatrixXd samples =
        NormalSamples(std::max<Eigen::Index>(c.subsample, 500), c.features);
    const std::vector<FeatureScale> unscaled(static_cast<std::size_t>(c.features));
    const Samples view(samples);
    TreeGrower grower(view, unscaled, c.subsample, 3);
    std::vector<Tree> trees;
    for (std::uint32_t i = 0; i < c.trees; ++i) trees.push_back(grower.Grow(i));
    const IsolationForest forest =
        IsolationForest::FromTrees(trees, c.subsample, unscaled, PathLengthFormula::kExact).value();
    const Eigen::MatrixXd rows = 1.5 * NormalSamples(c.rows, c.features, 5);
    const Eigen::VectorXd scores = forest.ScoreBatch(rows);
    for (Eigen::Index r = 0; r < std::min<Eigen::Index>(c.rows, 40); ++r) {
      std::vector<float> row;
      for (Eigen::Index f = 0; f < c.features; ++f) row.push_back(static_cast<float>(rows(r, f)));
      double sum = 0;
      for (const Tree& tree : trees) sum += PathLength(tree, row);
      const double expected = std::exp2(-sum / c.trees / AveragePathLength(c.subsample));
      EXPECT_NEAR(scores[r], expected, 1e-6) << c.name << ", row " << r;
    }
  }
}

TEST(KernelTest, GivesTheSameBitsFromEveryKernelAndForOneRowAsForMany) {
  for (const Case& c : kCases) {
    const IsolationForest forest =
        IsolationForest::Fit(NormalSamples(std::max<Eigen::Index>(c.subsample, 500), c.features),
                             {.trees = c.trees, .subsample = c.subsample, .seed = 11})
            .value();
    const Eigen::MatrixXd rows = OddRows(c);
    Eigen::VectorXd expected(rows.rows());
    for (Eigen::Index r = 0; r < rows.rows(); ++r) {
      expected[r] = forest.Score(rows.row(r), ScalarKernel());
    }
    for (const ScoreKernel* kernel : SupportedKernels()) {
      Eigen::VectorXd scores(rows.rows());
      forest.ScoreBatch(rows, *kernel, scores);
      EXPECT_TRUE(SameBits(scores, expected)) << c.name << ", " << kernel->name << ", a batch";
      for (Eigen::Index r = 0; r < rows.rows(); ++r) {
        scores[r] = forest.Score(rows.row(r), *kernel);
      }
      EXPECT_TRUE(SameBits(scores, expected)) << c.name << ", " << kernel->name << ", row by row";
    }
  }
}

TEST(KernelTest, ExplainsWithTheSameBitsFromEveryKernel) {
  for (const Case& c : kCases) {
    const IsolationForest forest =
        IsolationForest::Fit(NormalSamples(std::max<Eigen::Index>(c.subsample, 500), c.features),
                             {.trees = c.trees, .subsample = c.subsample, .seed = 11})
            .value();
    const Eigen::MatrixXd rows = OddRows(c);
    for (Eigen::Index r = 0; r < std::min<Eigen::Index>(rows.rows(), 40); ++r) {
      const Explanation expected = forest.Explain(rows.row(r), ScalarKernel());
      for (const ScoreKernel* kernel : SupportedKernels()) {
        const Explanation explanation = forest.Explain(rows.row(r), *kernel);
        EXPECT_TRUE(SameBits(explanation.contributions, expected.contributions)) << c.name;
        EXPECT_EQ(explanation.baseline, expected.baseline) << c.name;
      }
    }
  }
}

TEST(KernelTest, AcceptsPartsOfAMatrixInAnyMemoryOrder) {
  const IsolationForest forest = IsolationForest::Fit(NormalSamples(500, 4), {}).value();
  const Eigen::MatrixXd rows = NormalSamples(2000, 6, 3);
  const Eigen::MatrixXd part = rows.block(100, 1, 1000, 4);
  const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> row_major = part;
  const Eigen::VectorXd expected = forest.ScoreBatch(part);
  EXPECT_TRUE(SameBits(forest.ScoreBatch(rows.block(100, 1, 1000, 4)), expected));
  EXPECT_TRUE(SameBits(forest.ScoreBatch(row_major), expected));
}

TEST(KernelTest, RaisesTwoToAPowerWithinABitOfTheLibrary) {
  for (double exponent = 0; exponent > -40; exponent -= 0.00137) {
    EXPECT_NEAR(PowerOfTwo(exponent) / std::exp2(exponent), 1, 1e-15) << exponent;
  }
  EXPECT_EQ(PowerOfTwo(-1), 0.5);
}

}  // namespace
}  // namespace promheal::anomaly
