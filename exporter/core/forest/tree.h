#pragma once

#include <cstdint>
#include <vector>

namespace promheal::anomaly {

// One isolation tree as the paper draws it: what growing produces, and what an imported forest is
// given as. Scoring uses denser layouts.
//
// Invariants: node 0 is the root, children come after their parent, left == 0 marks a leaf, and an
// inner node's samples are those of its children together.
struct TreeNode {
  std::uint32_t feature = 0;
  float cut = 0;  // Rows with value <= cut go left, the others right.
  std::uint32_t left = 0;
  std::uint32_t right = 0;
  std::uint32_t samples = 0;  // Training samples that reached this node; at least 1.

  bool IsLeaf() const { return left == 0; }
};

using Tree = std::vector<TreeNode>;

}  // namespace promheal::anomaly
