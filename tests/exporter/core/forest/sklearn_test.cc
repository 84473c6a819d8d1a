#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "exporter/core/forest/isolation_forest.h"

namespace promheal::anomaly {
namespace {

// A tree in scikit-learn's form: node 0 is the root; a leaf's children are -1.
struct TheirNode {
  int left = 0;
  int right = 0;
  std::uint32_t feature = 0;
  double threshold = 0;
  std::uint32_t samples = 0;
};

void WriteFromLeftToRight(const std::vector<TheirNode>& nodes, int node, std::uint32_t slot,
                          std::uint32_t span, Tree& tree) {
  const TheirNode& at = nodes[static_cast<std::size_t>(node)];
  if (at.left < 0) {
    tree.leaf_samples.push_back(at.samples);
    return;
  }
  WriteFromLeftToRight(nodes, at.left, slot - span, span / 2, tree);
  tree.MarkInner(slot);
  tree.features.push_back(at.feature);
  tree.cuts.push_back(static_cast<float>(at.threshold));
  WriteFromLeftToRight(nodes, at.right, slot + span, span / 2, tree);
}

struct Fixture {
  std::uint32_t subsample = 0;
  std::vector<Tree> trees;
  Eigen::MatrixXd rows;
  Eigen::VectorXd scores;        // From score_samples().
  Eigen::VectorXd exact_scores;  // From the same trees with exact harmonic numbers.
};

Fixture ReadFixture() {
  std::ifstream file(PROMHEAL_TESTDATA "/forest/sklearn_forest.txt");
  EXPECT_TRUE(file.is_open());
  std::string heading;
  std::getline(file, heading);
  Fixture fixture;
  Eigen::Index features = 0;
  Eigen::Index rows = 0;
  std::size_t trees = 0;
  file >> fixture.subsample >> features >> trees >> rows;
  for (std::size_t i = 0; i < trees; ++i) {
    std::size_t count = 0;
    file >> count;
    std::vector<TheirNode> nodes(count);
    for (TheirNode& node : nodes) {
      file >> node.left >> node.right >> node.feature >> node.threshold >> node.samples;
    }
    Tree tree(HeightLimit(fixture.subsample));
    WriteFromLeftToRight(nodes, 0, RootSlot(tree.height), RootSpan(tree.height), tree);
    fixture.trees.push_back(tree);
  }
  Eigen::MatrixXd table(rows, features + 2);
  for (Eigen::Index row = 0; row < rows; ++row) {
    for (Eigen::Index column = 0; column < features + 2; ++column) file >> table(row, column);
  }
  EXPECT_TRUE(file.good());
  fixture.rows = table.leftCols(features);
  fixture.scores = table.col(features);
  fixture.exact_scores = table.col(features + 1);
  return fixture;
}

IsolationForest Import(const Fixture& fixture, PathLengthFormula formula) {
  return IsolationForest::FromTrees(
             fixture.trees, fixture.subsample,
             std::vector<FeatureScale>(static_cast<std::size_t>(fixture.rows.cols())), formula)
      .value();
}

TEST(SklearnTest, ScoresItsTreesAsScikitLearnDoes) {
  const Fixture fixture = ReadFixture();
  const IsolationForest forest = Import(fixture, PathLengthFormula::kScikitLearn);
  ASSERT_EQ(fixture.rows.rows(), 60);
  const Eigen::VectorXd scores = forest.ScoreBatch(fixture.rows);
  EXPECT_LT((scores - fixture.scores).cwiseAbs().maxCoeff(), 1e-6);
  EXPECT_GT(scores.maxCoeff() - scores.minCoeff(), 0.2);
}

TEST(SklearnTest, ScoresItsTreesWithExactHarmonicNumbersAsAnotherProgramDoes) {
  const Fixture fixture = ReadFixture();
  const IsolationForest forest = Import(fixture, PathLengthFormula::kExact);
  EXPECT_LT((forest.ScoreBatch(fixture.rows) - fixture.exact_scores).cwiseAbs().maxCoeff(), 1e-6);
  EXPECT_GT((fixture.scores - fixture.exact_scores).cwiseAbs().maxCoeff(), 1e-4);
}

}  // namespace
}  // namespace promheal::anomaly
