#pragma once

#include <cstddef>
#include <cstdint>

// What the kernels see of a forest. Plain pointers and functions that are always inline: files that
// are compiled for other instruction sets include this, and an inline function of theirs must never
// end up as the program's only copy.
namespace promheal::anomaly {

// A forest at rest (compact_forest.h, packed_trees.h).
struct CompactView {
  const unsigned char* bytes;
  const std::uint32_t* offsets;       // Of each tree in `bytes`, and zeros up to kMostLanes more.
  const std::uint32_t* path_lengths;  // c(n) in units of 2^-kPathLengthBits.
  std::uint32_t trees;
  std::uint32_t height;
  std::uint32_t subsample;
  std::uint32_t feature_bits;
  std::uint32_t size;  // Of `bytes`.
};

// Trees that a row kernel walks down side by side in one vector, at most.
inline constexpr std::uint32_t kMostLanes = 16;

// Words of 32 slots of a tree.
[[gnu::always_inline]] inline std::uint32_t WordsOfSlots(std::uint32_t height) {
  return ((1u << height) + 31) / 32;
}

// The root's slot in a tree, and how far its children stand from it (tree.h). A tree of height 0 is
// one leaf, at slot 0.
[[gnu::always_inline]] inline std::uint32_t RootSlot(std::uint32_t height) {
  return height == 0 ? 0 : (1u << (height - 1)) - 1;
}
[[gnu::always_inline]] inline std::uint32_t RootSpan(std::uint32_t height) {
  return (1u << height) / 4;
}

// How the values of one feature become codes (cut_codes.h).
struct CodedFeature {
  double centre;
  double scale;
  const float* search_tree;  // Begins on a cache line; at least kSmallestTable places.
  std::uint32_t height;
  std::int32_t first_code;  // Of values that exceed no cut.
};

// Vector kernels read this many places of a table at once.
inline constexpr std::uint32_t kSmallestTable = 32;

// A forest laid out for many rows (heap_forest.h).
struct HeapView {
  const CodedFeature* features;
  const std::int16_t* cuts;      // As codes. A tree has `table` places here and in columns.
  const std::uint16_t* columns;  // Where the node's feature begins in a block of codes.
  const std::uint32_t* leaves;   // Path lengths; of tree t at t x 2^height + place.
  std::uint32_t feature_count;
  std::uint32_t trees;
  std::uint32_t height;
  std::uint32_t table;
  std::uint32_t block_rows;  // And so the distance of a block's columns.
  bool by_parity;
};

// The top of a tree that vector kernels walk by comparing with all of its nodes.
inline constexpr std::uint32_t kTopLevels = 3;

// Blocks have a multiple of this many rows.
inline constexpr std::uint32_t kRowMultiple = 128;

}  // namespace promheal::anomaly
