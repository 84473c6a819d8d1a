#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "exporter/core/forest/forest_views.h"

namespace promheal::anomaly {

// Trees grow to depth ceil(log2 psi) (Liu, Ting, Zhou 2008, algorithm 1): anomalies are isolated
// before that, and the average path length stands for the rest.
inline std::uint32_t HeightLimit(std::uint32_t subsample) {
  return static_cast<std::uint32_t>(std::bit_width(subsample - 1));
}

// An isolation tree, stored from left to right.
//
// A perfect tree of height 3 has 7 slots for inner nodes. Numbered from left to right,
//
//            3
//        1       5
//       0 2     4 6
//
// the children of a slot are `span` slots to its left and right, and span halves from level to
// level. A tree that ends earlier leaves slots empty. From left to right, leaves and inner nodes
// alternate: leaf 0, inner node 0, leaf 1, inner node 1, ... A slot's rank is the number of inner
// nodes in slots to its left. It is the number of the inner node in the slot, or of the leaf if the
// slot is empty. All slots below a leaf have the leaf's rank, so a walk that goes on past a leaf
// stays at it.
struct Tree {
  explicit Tree(std::uint32_t height_limit)
      : height(height_limit), inner(WordsOfSlots(height_limit)) {}

  std::uint32_t height;                     // Slots: 2^height - 1.
  std::vector<std::uint32_t> inner;         // Bit s of word s / 32: slot s holds an inner node.
  std::vector<float> cuts;                  // One a node: rows with value <= cut go left.
  std::vector<std::uint32_t> features;      // One a node.
  std::vector<std::uint32_t> leaf_samples;  // One a leaf: its training samples, at least 1.

  bool IsInner(std::uint32_t slot) const { return (inner[slot / 32] >> (slot % 32)) & 1; }
  void MarkInner(std::uint32_t slot) { inner[slot / 32] |= 1u << (slot % 32); }
};

}  // namespace promheal::anomaly
