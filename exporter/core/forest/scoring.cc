#include "exporter/core/forest/scoring.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <vector>

#include "exporter/core/forest/heap_forest.h"
#include "exporter/core/forest/partial_walk.h"
#include "exporter/core/forest/scaled_row.h"
#include "exporter/core/forest/score_scale.h"

namespace promheal::anomaly {
namespace {

// Below this many rows, converting the forest costs more than it saves.
constexpr Eigen::Index kFewRows = 256;

// Scores blocks of rows on heaps. Allocates all its memory before the first block.
class BlockScorer {
 public:
  BlockScorer(const CompactForest& forest, std::span<const FeatureScale> scales,
              const ScoreKernel& kernel)
      : kernel_(kernel), scale_(forest.scale()) {
    const bool by_parity = forest.features() <= kernel.blocks.parity_features;
    for (std::uint32_t first = 0; first < forest.trees(); first += heaps_.back().trees()) {
      heaps_.emplace_back(forest, scales, first, by_parity);
    }
    codes_ = AlignedArray<std::int16_t>(std::size_t{forest.features()} * block_rows() + 1);
    sums_ = AlignedArray<std::uint32_t>(block_rows());
    totals_ = AlignedArray<double>(block_rows());
    padded_ = AlignedArray<double>(std::size_t{forest.features()} * block_rows());
  }

  std::size_t block_rows() const { return heaps_.front().block_rows(); }

  // Scores `count` rows from `first` on, at most block_rows(). Returns whether a value was missing:
  // scores of such rows are meaningless.
  bool Score(const Samples& rows, Eigen::Index first, std::size_t count, double* scores) {
    const RowBlock block = count % kRowMultiple == 0
                               ? RowBlock{rows.data() + first, Stride(rows), count}
                               : Padded(rows, first, count);
    bool missing = false;
    std::fill_n(totals_.data(), block.rows, 0.0);
    for (const HeapForest& heap : heaps_) {
      std::fill_n(sums_.data(), block.rows, 0u);
      missing |= kernel_.blocks.sum(heap.View(), block, codes_.data(), sums_.data());
      for (std::size_t r = 0; r < block.rows; ++r) totals_[r] += sums_[r];
    }
    for (std::size_t r = 0; r < count; ++r) scores[r] = scale_.Score(totals_[r]);
    return missing;
  }

 private:
  static std::size_t Stride(const Samples& rows) {
    return static_cast<std::size_t>(rows.outerStride());
  }

  // A copy of the rows, with zeros up to a multiple of kRowMultiple.
  RowBlock Padded(const Samples& rows, Eigen::Index first, std::size_t count) {
    const std::size_t filled = (count + kRowMultiple - 1) / kRowMultiple * kRowMultiple;
    for (Eigen::Index feature = 0; feature < rows.cols(); ++feature) {
      double* column = padded_.data() + static_cast<std::size_t>(feature) * filled;
      std::copy_n(rows.col(feature).data() + first, count, column);
      std::fill(column + count, column + filled, 0.0);
    }
    return {padded_.data(), filled, filled};
  }

  const ScoreKernel& kernel_;
  ScoreScale scale_;
  std::vector<HeapForest> heaps_;  // More than one only for very many trees.
  AlignedArray<std::int16_t> codes_;
  AlignedArray<std::uint32_t> sums_;
  AlignedArray<double> totals_;
  AlignedArray<double> padded_;
};

}  // namespace

double ScoreRow(const CompactForest& forest, std::span<const FeatureScale> scales,
                const ScoreKernel& kernel, const Row& row) {
  const ScaledRow scaled(scales, row);
  if (scaled.present() == 0) return std::numeric_limits<double>::quiet_NaN();
  if (scaled.present() < scales.size()) {
    return forest.scale().Score(
        WalkPartialRow(forest.View(), scaled.values(), nullptr).path_length);
  }
  return forest.scale().Score(static_cast<double>(kernel.rows.sum(forest.View(), scaled.values())));
}

void ScoreRows(const CompactForest& forest, std::span<const FeatureScale> scales,
               const ScoreKernel& kernel, const Samples& rows, Eigen::Ref<Eigen::VectorXd> scores) {
  assert(rows.cols() == static_cast<Eigen::Index>(scales.size()) && rows.rows() == scores.size());
  const auto score_each = [&](Eigen::Index first, Eigen::Index end, bool only_partial) {
    for (Eigen::Index r = first; r < end; ++r) {
      if (only_partial && !rows.row(r).hasNaN()) continue;
      scores[r] = ScoreRow(forest, scales, kernel, rows.row(r));
    }
  };
  if (rows.rows() < kFewRows || !HeapForest::Fits(forest)) {
    return score_each(0, rows.rows(), false);
  }
  BlockScorer scorer(forest, scales, kernel);
  const auto block_rows = static_cast<Eigen::Index>(scorer.block_rows());
  for (Eigen::Index first = 0; first < rows.rows(); first += block_rows) {
    const Eigen::Index count = std::min(block_rows, rows.rows() - first);
    if (scorer.Score(rows, first, static_cast<std::size_t>(count), &scores[first])) {
      score_each(first, first + count, true);
    }
  }
}

}  // namespace promheal::anomaly
