#pragma once

#include <cstddef>
#include <cstdint>

// Forests as kernels see them: plain pointers, and functions that are always inline. Kernels are
// compiled for other instruction sets. If such a file had an inline function that is not always
// inlined, the linker might choose its copy for the whole program, and other processors would
// crash.
namespace promheal::anomaly {

// A CompactForest (compact_forest.h, packed_trees.h).
struct CompactView {
  const unsigned char* bytes;
  const std::uint32_t* offsets;       // Each tree's place in `bytes`; then kMostLanes - 1 zeros.
  const std::uint32_t* path_lengths;  // c(n) in units of 2^-kPathLengthBits.
  std::uint32_t trees;
  std::uint32_t height;
  std::uint32_t subsample;
  std::uint32_t feature_bits;
  std::uint32_t size;  // Number of `bytes`.
};

// The most trees that a row kernel walks down side by side in a vector.
inline constexpr std::uint32_t kMostLanes = 16;

// How many words of 32 slots a tree has.
[[gnu::always_inline]] inline std::uint32_t WordsOfSlots(std::uint32_t height) {
  return ((1u << height) + 31) / 32;
}

// The root's slot in a tree, and the distance of its children's slots (tree.h). A tree of height 0
// is a leaf at slot 0.
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
  std::int32_t first_code;  // Code of values that exceed no cut.
};

// Vector kernels read this many places of a table at once.
inline constexpr std::uint32_t kSmallestTable = 32;

// A HeapForest (heap_forest.h).
struct HeapView {
  const CodedFeature* features;
  const std::int16_t* cuts;      // Codes. A tree has `table` places here and in `columns`.
  const std::uint16_t* columns;  // Where the node's feature begins in a block of codes.
  const std::uint32_t* leaves;   // Path lengths; those of tree t are at t x 2^height + place.
  std::uint32_t feature_count;
  std::uint32_t trees;
  std::uint32_t height;
  std::uint32_t table;
  std::uint32_t block_rows;  // Also the distance between a block's columns.
  bool by_parity;
};

// In this many top levels, vector kernels compare with all nodes.
inline constexpr std::uint32_t kTopLevels = 3;

// Blocks have a multiple of this many rows.
inline constexpr std::uint32_t kRowMultiple = 128;

}  // namespace promheal::anomaly
