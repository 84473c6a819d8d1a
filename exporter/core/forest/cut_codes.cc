#include "exporter/core/forest/cut_codes.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <limits>

namespace promheal::anomaly {
namespace {

struct NumberedCut {
  std::uint32_t order;  // The cut, mapped to an unsigned number that keeps the order.
  std::uint32_t feature;
  std::uint32_t number;  // Its place in CutCodes::codes.
};

std::uint32_t OrderOf(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  return bits ^ ((bits >> 31) != 0 ? 0xffffffffu : 0x80000000u);
}

float ValueOf(std::uint32_t order) {
  return std::bit_cast<float>(order ^ ((order >> 31) != 0 ? 0x80000000u : 0xffffffffu));
}

std::vector<NumberedCut> Number(std::span<const Tree> trees) {
  std::size_t nodes = 0;
  for (const Tree& tree : trees) nodes += tree.cuts.size();
  std::vector<NumberedCut> cuts;
  cuts.reserve(nodes);
  for (const Tree& tree : trees) {
    for (std::size_t node = 0; node < tree.cuts.size(); ++node) {
      cuts.push_back(
          {OrderOf(tree.cuts[node]), tree.features[node], static_cast<std::uint32_t>(cuts.size())});
    }
  }
  return cuts;
}

// One stable pass of a radix sort; `digit` gives numbers below `digits`.
template <typename Digit>
void SortByDigit(std::vector<NumberedCut>& cuts, std::vector<NumberedCut>& spare,
                 std::size_t digits, Digit digit) {
  std::vector<std::uint32_t> place(digits + 1);
  for (const NumberedCut& cut : cuts) ++place[digit(cut) + 1];
  for (std::size_t i = 1; i <= digits; ++i) place[i] += place[i - 1];
  spare.resize(cuts.size());
  for (const NumberedCut& cut : cuts) spare[place[digit(cut)]++] = cut;
  cuts.swap(spare);
}

// Sorts by feature, then by value. A radix sort, because sorting is the slower half of preparing a
// batch.
void Sort(std::vector<NumberedCut>& cuts, std::size_t features) {
  std::vector<NumberedCut> spare;
  SortByDigit(cuts, spare, 2048, [](const NumberedCut& cut) { return cut.order & 2047; });
  SortByDigit(cuts, spare, 2048, [](const NumberedCut& cut) { return cut.order >> 11 & 2047; });
  SortByDigit(cuts, spare, 1024, [](const NumberedCut& cut) { return cut.order >> 22; });
  SortByDigit(cuts, spare, features, [](const NumberedCut& cut) { return cut.feature; });
}

std::size_t TableSize(std::uint32_t height) {
  return std::max(std::size_t{kSmallestTable}, std::size_t{1} << height);
}

// Node i of level k gets the middle value of the i-th of 2^k equal parts.
void FillSearchTree(std::span<const float> ascending, std::uint32_t height, float* tree) {
  std::fill_n(tree, TableSize(height), std::numeric_limits<float>::infinity());
  for (std::uint32_t level = 0; level < height; ++level) {
    for (std::uint32_t i = 0; i < (1u << level); ++i) {
      const std::size_t middle = (std::size_t{2 * i + 1} << (height - 1 - level)) - 1;
      if (middle < ascending.size()) tree[(1u << level) + i] = ascending[middle];
    }
  }
}

}  // namespace

CutCodes::CutCodes(std::span<const Tree> trees, std::span<const FeatureScale> scales) {
  std::vector<NumberedCut> cuts = Number(trees);
  assert(cuts.size() + scales.size() <= kMaxCutsAndFeatures);
  Sort(cuts, scales.size());

  codes.resize(cuts.size());
  std::vector<std::vector<float>> distinct(scales.size());
  std::int32_t first_code = std::numeric_limits<std::int16_t>::min();
  std::size_t places = 0;
  for (std::size_t feature = 0, i = 0; feature < scales.size(); ++feature) {
    std::vector<float>& values = distinct[feature];
    for (; i < cuts.size() && cuts[i].feature == feature; ++i) {
      const float value = ValueOf(cuts[i].order);
      if (values.empty() || value != values.back()) values.push_back(value);
      codes[cuts[i].number] =
          static_cast<std::int16_t>(first_code + static_cast<std::int32_t>(values.size()) - 1);
    }
    const auto height = static_cast<std::uint32_t>(std::bit_width(values.size()));
    features.push_back({.centre = scales[feature].centre,
                        .scale = scales[feature].scale,
                        .search_tree = nullptr,
                        .height = height,
                        .first_code = first_code});
    first_code += static_cast<std::int32_t>(values.size()) + 1;
    places += TableSize(height);
  }

  search_trees = AlignedArray<float>(places);
  float* tree = search_trees.data();
  for (std::size_t feature = 0; feature < scales.size(); ++feature) {
    FillSearchTree(distinct[feature], features[feature].height, tree);
    features[feature].search_tree = tree;
    tree += TableSize(features[feature].height);
  }
}

}  // namespace promheal::anomaly
