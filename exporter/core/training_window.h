#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <vector>

#include "common/base/time.h"

namespace promheal::anomaly {

enum class RowState : uint8_t {
  kNormal,     // Models learn from it.
  kAnomalous,  // Models do not learn from it unless it turns out to be the new normal.
  kExcluded,   // Models never learn from it: maintenance, a firing alert, throttled traffic.
};

struct WindowRow {
  Time time;
  RowState state = RowState::kNormal;
  // An accepted lasting change begins a new regime: baselines never mix rows of two regimes.
  int32_t regime = 0;
};

// Rows of a window, oldest first. Rows = samples, columns = features, NaN = missing.
struct WindowRows {
  Eigen::MatrixXd values;
  std::vector<Time> times;       // One a row.
  std::vector<int32_t> regimes;  // One a row.
  std::vector<int> normal;       // Indices of the normal rows.
};

// The last `capacity` rows of one target. Invariant: times ascend strictly.
// Thread safety: none; one worker owns it.
class TrainingWindow {
 public:
  TrainingWindow(int features, int capacity);

  // Whether `time` is after the last row's.
  bool Accepts(Time time) const { return rows_.empty() || time > row(size() - 1).time; }

  // Drops the oldest row if full. Returns false and adds nothing unless Accepts(time).
  bool Add(Time time, const Eigen::Ref<const Eigen::RowVectorXd>& values, RowState state);

  // The same for a stored row, with its state and regime.
  bool Restore(const WindowRow& row, const Eigen::Ref<const Eigen::RowVectorXd>& values);

  // Accepts a lasting change that began at `since` as the new normal: its anomalous rows become
  // normal, and all rows since then form a new regime.
  void AcceptSince(Time since);

  void SetState(int index, RowState state);

  int size() const { return static_cast<int>(rows_.size()); }
  int features() const { return features_; }
  int normal_size() const { return normal_size_; }
  const WindowRow& row(int index) const;  // 0 = oldest.
  Eigen::RowVectorXd values(int index) const;

  WindowRows Normal() const;
  WindowRows NormalAndAnomalous() const;
  // Every `stride`th of the latest normal rows of the current regime, at most `count`, oldest
  // first.
  WindowRows LatestNormal(int count, int stride = 1) const;

 private:
  size_t Slot(int index) const { return (oldest_ + static_cast<size_t>(index)) % rows_.size(); }
  WindowRow& At(int index) { return rows_[Slot(index)]; }
  WindowRows Gather(const std::vector<size_t>& slots) const;
  Eigen::Map<const Eigen::RowVectorXd> ValuesOfSlot(size_t slot) const;

  int features_;
  size_t capacity_;
  size_t oldest_ = 0;  // The slot of row 0.
  std::vector<WindowRow> rows_;
  std::vector<double> values_;  // Slot by slot, `features_` values each.
  int32_t regime_ = 0;
  int normal_size_ = 0;
};

}  // namespace promheal::anomaly
