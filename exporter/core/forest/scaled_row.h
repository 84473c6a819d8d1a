#pragma once

#include <Eigen/Core>
#include <array>
#include <cassert>
#include <cmath>
#include <span>
#include <vector>

#include "exporter/core/forest/feature_scale.h"

namespace promheal::anomaly {

// A row in the scale of the trees' cuts, with room for at least kMostLanes values. Allocates only
// for more than 64 features.
class ScaledRow {
 public:
  ScaledRow(std::span<const FeatureScale> scales, const Row& row) {
    assert(row.size() == static_cast<Eigen::Index>(scales.size()));
    if (scales.size() > few_.size()) many_.resize(scales.size());
    values_ = many_.empty() ? few_.data() : many_.data();
    for (std::size_t f = 0; f < scales.size(); ++f) {
      values_[f] = scales[f].Apply(row[static_cast<Eigen::Index>(f)]);
      present_ += std::isnan(values_[f]) ? 0 : 1;
    }
  }
  ScaledRow(const ScaledRow&) = delete;
  ScaledRow& operator=(const ScaledRow&) = delete;

  const float* values() const { return values_; }
  std::size_t present() const { return present_; }

 private:
  std::array<float, 64> few_{};
  std::vector<float> many_;
  float* values_;
  std::size_t present_ = 0;
};

}  // namespace promheal::anomaly
