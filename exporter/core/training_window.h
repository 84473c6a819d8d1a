#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <vector>

#include "common/base/time.h"

namespace promheal::anomaly {

enum class RowState : uint8_t {
  kNormal,     // Learnt from.
  kAnomalous,  // Not learnt from, but kept in case it turns out to be the new normal.
  kExcluded,   // Never learnt from: maintenance, an alert fired, traffic was being throttled.
};

struct WindowRow {
  Time time;
  RowState state = RowState::kNormal;
  // Rows of different regimes stand on different sides of a lasting change that was accepted: the
  // baseline of one says nothing about the other.
  int32_t regime = 0;
};

// Rows of a window, oldest first. Rows = samples, columns = features, NaN = missing.
struct WindowRows {
  Eigen::MatrixXd values;
  std::vector<Time> times;       // One a row.
  std::vector<int32_t> regimes;  // One a row.
  std::vector<int> normal;       // Which of them are normal.
};

// The last `capacity` rows of one target. Invariant: times ascend strictly.
// Thread safety: none; one worker owns it.
class TrainingWindow {
 public:
  TrainingWindow(int features, int capacity);

  // Whether `time` is after the last row's.
  bool Accepts(Time time) const { return rows_.empty() || time > row(size() - 1).time; }

  // Drops the oldest row when full. False, and nothing added, where it does not take `time`.
  bool Add(Time time, const Eigen::Ref<const Eigen::RowVectorXd>& values, RowState state);

  // The same for a row that was stored, with its state and regime.
  bool Restore(const WindowRow& row, const Eigen::Ref<const Eigen::RowVectorXd>& values);

  // A lasting change that began at `since` is the new normal: its rows become normal, in a regime
  // of their own.
  void AcceptSince(Time since);

  void SetState(int index, RowState state);

  int size() const { return static_cast<int>(rows_.size()); }
  int features() const { return features_; }
  int normal_size() const { return normal_size_; }
  const WindowRow& row(int index) const;  // 0 = oldest.
  Eigen::RowVectorXd values(int index) const;

  WindowRows Normal() const;
  WindowRows NormalAndAnomalous() const;
  // The latest normal rows of the current regime, or every `stride`th of them, at most `count`,
  // oldest first.
  WindowRows LatestNormal(int count, int stride = 1) const;

 private:
  size_t Slot(int index) const { return (oldest_ + static_cast<size_t>(index)) % rows_.size(); }
  WindowRow& At(int index) { return rows_[Slot(index)]; }
  WindowRows Gather(const std::vector<size_t>& slots) const;
  Eigen::Map<const Eigen::RowVectorXd> ValuesOfSlot(size_t slot) const;

  int features_;
  size_t capacity_;
  size_t oldest_ = 0;  // The slot of row 0 once the ring is full.
  std::vector<WindowRow> rows_;
  std::vector<double> values_;  // Slot by slot, `features_` values each.
  int32_t regime_ = 0;
  int normal_size_ = 0;
};

}  // namespace promheal::anomaly
