#pragma once

#include <cstdint>

#include "exporter/core/forest/forest_views.h"

namespace promheal::anomaly {

// Count is u8 up to this psi, and u16 beyond.
inline constexpr std::uint32_t kNarrowCounts = 256;

// Trees of a CompactForest, one in each lane of an Isa's vectors (tree.h explains slots, ranks,
// nodes and leaves). A tree is
//
//   inner      u32 a word     Tree::inner
//   rank       Count a word   inner nodes in the words before it
//   cuts       f32 a node     and a spare entry
//   starts     Count a leaf   the samples of leaf r begin at starts[r]; at the end, psi
//   features   bits a node    CompactView::feature_bits each, and a spare entry
//
// and 4 bytes follow the last tree. With u8 counts, a node costs 5 bytes and the bits of its
// feature. Nothing is aligned; each number is the low part of a 32-bit read. Counts wrap at their
// range. A walk past its leaf reads the entry at the leaf's rank, another node or the spare entry,
// and ignores it.
//
// Every function is forced inline because files built for different instruction sets include this.
template <typename Isa, typename Count>
class PackedTrees {
 public:
  using Ints = typename Isa::Ints;

  [[gnu::always_inline]] PackedTrees() = default;
  // The trees from `first` on. Lanes past the last tree get the forest's first tree.
  [[gnu::always_inline]] PackedTrees(const CompactView& forest, std::uint32_t first)
      : inner_(forest.bytes), feature_bits_(forest.feature_bits) {
    const std::uint32_t words = WordsOfSlots(forest.height);
    rank_ = inner_ + words * 4;
    cuts_ = rank_ + words * kCountBytes;
    begin_ = Isa::Load(forest.offsets + first);
    const Ints last_slot = Isa::Fill(words * 32 - 1);
    nodes_ = Isa::Add(Rank(last_slot, Inner(last_slot)), IsInner(last_slot, Inner(last_slot)));
    const Ints one = Isa::Fill(1);
    starts_ = Isa::Add(begin_, Isa::template ShiftLeft<2>(Isa::Add(nodes_, one)));
    features_ = Isa::Add(starts_, Bytes(Isa::Add(Isa::Add(nodes_, one), one)));
  }

  [[gnu::always_inline]] Ints nodes() const { return nodes_; }

  // The word of Tree::inner that holds the slot's bit.
  [[gnu::always_inline]] Ints Inner(Ints slot) const {
    return Isa::Read(inner_, Isa::Add(begin_, Isa::template ShiftLeft<2>(WordOf(slot))));
  }
  // 1 if the slot holds an inner node, else 0.
  [[gnu::always_inline]] Ints IsInner(Ints slot, Ints inner) const {
    return Isa::And(Isa::ShiftRightBy(inner, BitOf(slot)), Isa::Fill(1));
  }
  // The number of inner nodes in the slots before this slot.
  [[gnu::always_inline]] Ints Rank(Ints slot, Ints inner) const {
    const Ints words_before = ReadCount(rank_, Isa::Add(begin_, Bytes(WordOf(slot))));
    return Isa::Add(words_before, Isa::PopCount(Isa::And(inner, Isa::LowBits(BitOf(slot)))));
  }

  [[gnu::always_inline]] typename Isa::Floats Cut(Ints node) const {
    return Isa::ReadFloat(cuts_, Isa::Add(begin_, Isa::template ShiftLeft<2>(node)));
  }
  [[gnu::always_inline]] Ints Feature(Ints node) const {
    const Ints bit = Isa::Multiply(node, feature_bits_);
    const Ints word = Isa::Read(cuts_, Isa::Add(features_, Isa::template ShiftRight<3>(bit)));
    return Isa::And(Isa::ShiftRightBy(word, Isa::And(bit, Isa::Fill(7))),
                    Isa::Fill((1u << feature_bits_) - 1));
  }

  // The number of samples before a leaf, modulo Count's range.
  [[gnu::always_inline]] Ints Start(Ints leaf) const {
    return ReadCount(cuts_, Isa::Add(starts_, Bytes(leaf)));
  }
  // The number of samples between two starts, at least 1.
  [[gnu::always_inline]] static Ints Between(Ints begin, Ints end) {
    const Ints one = Isa::Fill(1);
    return Isa::Add(OnlyCount(Isa::Sub(Isa::Sub(end, begin), one)), one);
  }

 private:
  static constexpr std::uint32_t kCountBytes = sizeof(Count);

  [[gnu::always_inline]] static Ints WordOf(Ints slot) { return Isa::template ShiftRight<5>(slot); }
  [[gnu::always_inline]] static Ints BitOf(Ints slot) { return Isa::And(slot, Isa::Fill(31)); }
  [[gnu::always_inline]] static Ints Bytes(Ints counts) {
    return Isa::template ShiftLeft<kCountBytes - 1>(counts);
  }
  [[gnu::always_inline]] static Ints OnlyCount(Ints value) {
    return Isa::And(value, Isa::Fill(static_cast<Count>(-1)));
  }
  [[gnu::always_inline]] static Ints ReadCount(const unsigned char* bytes, Ints offset) {
    return OnlyCount(Isa::Read(bytes, offset));
  }

  // Addresses in the forest's first tree. A lane adds begin_ to them to reach its own tree; starts_
  // and features_ are offsets from cuts_.
  const unsigned char* inner_;
  const unsigned char* rank_;
  const unsigned char* cuts_;
  std::uint32_t feature_bits_;
  Ints begin_;
  Ints nodes_;
  Ints starts_;
  Ints features_;
};

}  // namespace promheal::anomaly
