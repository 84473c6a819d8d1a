#include "exporter/core/forest/compact_forest.h"

#include <bit>
#include <cassert>
#include <cstring>

#include "exporter/core/forest/packed_trees.h"
#include "exporter/core/forest/scalar_ints.h"

namespace promheal::anomaly {
namespace {

static_assert(std::endian::native == std::endian::little,
              "packed trees are read as the low part of little-endian numbers");

template <typename T>
void Put(std::vector<unsigned char>& bytes, T value) {
  const std::size_t at = bytes.size();
  bytes.resize(at + sizeof(T));
  std::memcpy(bytes.data() + at, &value, sizeof(T));
}

std::uint32_t FeatureBits(std::uint32_t features) {
  return static_cast<std::uint32_t>(std::bit_width(features - 1));
}

void PutFeatures(std::vector<unsigned char>& bytes, const std::vector<std::uint32_t>& features,
                 std::uint32_t bits) {
  std::uint64_t buffer = 0;
  std::uint32_t filled = 0;
  for (std::size_t node = 0; node <= features.size(); ++node) {
    if (node < features.size()) buffer |= std::uint64_t{features[node]} << filled;
    for (filled += bits; filled >= 8; filled -= 8, buffer >>= 8) {
      bytes.push_back(static_cast<unsigned char>(buffer));
    }
  }
  if (filled > 0) bytes.push_back(static_cast<unsigned char>(buffer));
}

template <typename Count>
void Pack(const Tree& tree, std::uint32_t feature_bits, std::vector<unsigned char>& bytes) {
  for (const std::uint32_t word : tree.inner) Put(bytes, word);
  std::size_t rank = 0;
  for (const std::uint32_t word : tree.inner) {
    Put(bytes, static_cast<Count>(rank));
    rank += static_cast<std::size_t>(std::popcount(word));
  }
  for (const float cut : tree.cuts) Put(bytes, cut);
  Put(bytes, 0.0f);
  Count start = 0;
  Put(bytes, start);
  for (const std::uint32_t samples : tree.leaf_samples) {
    Put(bytes, start = static_cast<Count>(start + samples));
  }
  PutFeatures(bytes, tree.features, feature_bits);
}

template <typename Count>
Tree Unpack(const CompactView& forest, std::uint32_t number) {
  const PackedTrees<ScalarInts, Count> packed(forest, number);
  const std::uint32_t nodes = packed.nodes();
  Tree tree(forest.height);
  for (std::uint32_t word = 0; word < tree.inner.size(); ++word) {
    tree.inner[word] = packed.Inner(word * 32);
  }
  tree.cuts.resize(nodes);
  tree.features.resize(nodes);
  tree.leaf_samples.resize(nodes + 1);
  for (std::uint32_t node = 0; node < nodes; ++node) {
    tree.cuts[node] = packed.Cut(node);
    tree.features[node] = packed.Feature(node);
  }
  for (std::uint32_t leaf = 0; leaf <= nodes; ++leaf) {
    tree.leaf_samples[leaf] = packed.Between(packed.Start(leaf), packed.Start(leaf + 1));
  }
  return tree;
}

}  // namespace

CompactForest::CompactForest(std::uint32_t subsample, std::uint32_t features,
                             PathLengthFormula formula)
    : subsample_(subsample), features_(features), formula_(formula) {
  assert(subsample >= 1 && subsample <= kMaxSubsample && features >= 1);
}

void CompactForest::Append(const Tree& tree) {
  assert(tree.height == height() && tree.leaf_samples.size() == tree.cuts.size() + 1);
  offsets_.push_back(static_cast<std::uint32_t>(bytes_.size()));
  ++trees_;
  const std::uint32_t bits = FeatureBits(features_);
  subsample_ <= kNarrowCounts ? Pack<std::uint8_t>(tree, bits, bytes_)
                              : Pack<std::uint16_t>(tree, bits, bytes_);
}

void CompactForest::Finish() {
  scale_ = ScoreScale(trees(), subsample_, formula_);
  Put(bytes_, std::uint32_t{0});  // All reads are of 32 bits and may pass the end.
  offsets_.resize(offsets_.size() + kMostLanes - 1);
  bytes_.shrink_to_fit();
  offsets_.shrink_to_fit();
}

Tree CompactForest::At(std::uint32_t number) const {
  return subsample_ <= kNarrowCounts ? Unpack<std::uint8_t>(View(), number)
                                     : Unpack<std::uint16_t>(View(), number);
}

CompactView CompactForest::View() const {
  return {.bytes = bytes_.data(),
          .offsets = offsets_.data(),
          .path_lengths = FixedPathLengths(formula_),
          .trees = trees(),
          .height = height(),
          .subsample = subsample_,
          .feature_bits = FeatureBits(features_),
          .size = static_cast<std::uint32_t>(bytes_.size())};
}

std::size_t CompactForest::SizeInBytes() const {
  return bytes_.capacity() + offsets_.capacity() * sizeof(std::uint32_t);
}

}  // namespace promheal::anomaly
