#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "exporter/core/forest/forest_views.h"

namespace promheal::anomaly {

// Up to this psi a Count is u8, beyond it u16.
inline constexpr std::uint32_t kNarrowCounts = 256;

// For heights that only the forest knows.
inline constexpr std::uint32_t kAnyHeight = 0xffffffff;

// One tree of a compact forest (tree.h says what slots, ranks, nodes and leaves are):
//
//   inner      u64 a word   Tree::inner
//   rank       Count a word inner nodes in the words before it
//   cuts       f32 a node   and one to spare
//   starts     Count a leaf leaf r holds samples starts[r] to starts[r + 1] - 1 of the psi; and psi
//   features   bit-packed   CompactView::feature_bits a node, and zeros to read 32 bits anywhere
//
// Counts are modulo their range. A node costs 5 bytes and the bits of its feature. Nothing is
// aligned. A walk that is past its leaf reads what stands at the leaf's rank: another node, or the
// spare one.
//
// With the height as a constant the first three parts lie at constant offsets. Every function is
// forced inline because files built for different instruction sets include this.
template <typename Count, std::uint32_t kHeight = kAnyHeight>
class PackedTree {
 public:
  [[gnu::always_inline]] PackedTree() = default;
  [[gnu::always_inline]] PackedTree(const CompactView& forest, std::uint32_t number)
      : begin_(forest.bytes + forest.offsets[number]),
        height_(forest.height),
        feature_bits_(forest.feature_bits) {
    const std::size_t last = Words() - 1;
    nodes_ = Load<Count>(begin_ + RankAt(), last) + CountBits(Load<std::uint64_t>(begin_, last));
    starts_ = begin_ + CutsAt() + (std::size_t{nodes_} + 1) * sizeof(float);
    features_ = starts_ + (std::size_t{nodes_} + 2) * sizeof(Count);
  }

  [[gnu::always_inline]] std::uint32_t nodes() const { return nodes_; }
  [[gnu::always_inline]] const unsigned char* inner() const { return begin_; }

  [[gnu::always_inline]] bool IsInner(std::size_t slot) const {
    return (Load<std::uint64_t>(begin_, slot / 64) >> (slot % 64)) & 1;
  }

  // Inner nodes in the slots before this one.
  [[gnu::always_inline]] std::size_t Rank(std::size_t slot) const {
    const std::uint64_t before =
        Load<std::uint64_t>(begin_, slot / 64) & ~(~std::uint64_t{0} << (slot % 64));
    return Load<Count>(begin_ + RankAt(), slot / 64) + CountBits(before);
  }

  [[gnu::always_inline]] float Cut(std::size_t node) const {
    return Load<float>(begin_ + CutsAt(), node);
  }

  [[gnu::always_inline]] std::size_t Feature(std::size_t node) const {
    const std::size_t bit = node * feature_bits_;
    return (Load<std::uint32_t>(features_ + bit / 8, 0) >> (bit % 8)) & ((1u << feature_bits_) - 1);
  }

  // Samples before leaf r, modulo the range of Count.
  [[gnu::always_inline]] Count Start(std::size_t leaf) const { return Load<Count>(starts_, leaf); }

  // Samples from one start to another; never none.
  [[gnu::always_inline]] static std::uint32_t Between(Count begin, Count end) {
    return static_cast<Count>(end - begin - 1) + 1u;
  }

 private:
  template <typename T>
  [[gnu::always_inline]] static T Load(const unsigned char* array, std::size_t index) {
    T value;
    std::memcpy(&value, array + index * sizeof(T), sizeof(T));
    return value;
  }
  [[gnu::always_inline]] static std::uint32_t CountBits(std::uint64_t bits) {
    return static_cast<std::uint32_t>(__builtin_popcountll(bits));
  }

  [[gnu::always_inline]] std::size_t Words() const {
    const std::uint32_t height = kHeight == kAnyHeight ? height_ : kHeight;
    return ((std::size_t{1} << height) + 63) / 64;
  }
  [[gnu::always_inline]] std::size_t RankAt() const { return Words() * sizeof(std::uint64_t); }
  [[gnu::always_inline]] std::size_t CutsAt() const { return RankAt() + Words() * sizeof(Count); }

  const unsigned char* begin_;
  const unsigned char* starts_;
  const unsigned char* features_;
  std::uint32_t height_;
  std::uint32_t feature_bits_;
  std::uint32_t nodes_;
};

}  // namespace promheal::anomaly
