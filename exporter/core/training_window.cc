#include "exporter/core/training_window.h"

#include <algorithm>
#include <cassert>

namespace promheal::anomaly {

TrainingWindow::TrainingWindow(int features, int capacity)
    : features_(features), capacity_(static_cast<size_t>(capacity)) {
  assert(features > 0 && capacity > 0);
}

bool TrainingWindow::Add(Time time, const Eigen::Ref<const Eigen::RowVectorXd>& values,
                         RowState state) {
  return Restore({time, state, regime_}, values);
}

bool TrainingWindow::Restore(const WindowRow& added,
                             const Eigen::Ref<const Eigen::RowVectorXd>& values) {
  assert(values.size() == features_);
  if (!Accepts(added.time)) return false;
  regime_ = std::max(regime_, added.regime);
  if (added.state == RowState::kNormal) ++normal_size_;
  if (rows_.size() < capacity_) {
    rows_.push_back(added);
    values_.insert(values_.end(), values.begin(), values.end());
    return true;
  }
  if (rows_[oldest_].state == RowState::kNormal) --normal_size_;
  rows_[oldest_] = added;
  std::copy(values.begin(), values.end(),
            values_.begin() + static_cast<std::ptrdiff_t>(oldest_) * features_);
  oldest_ = (oldest_ + 1) % capacity_;
  return true;
}

void TrainingWindow::AcceptSince(Time since) {
  ++regime_;
  for (WindowRow& row : rows_) {
    if (row.time < since) continue;
    if (row.state == RowState::kAnomalous) {
      row.state = RowState::kNormal;
      ++normal_size_;
    }
    row.regime = regime_;
  }
}

void TrainingWindow::SetState(int index, RowState state) {
  WindowRow& changed = At(index);
  normal_size_ += static_cast<int>(state == RowState::kNormal) -
                  static_cast<int>(changed.state == RowState::kNormal);
  changed.state = state;
}

const WindowRow& TrainingWindow::row(int index) const { return rows_[Slot(index)]; }

Eigen::RowVectorXd TrainingWindow::values(int index) const { return ValuesOfSlot(Slot(index)); }

WindowRows TrainingWindow::Normal() const {
  std::vector<size_t> slots;
  for (int i = 0; i < size(); ++i) {
    if (row(i).state == RowState::kNormal) slots.push_back(Slot(i));
  }
  return Gather(slots);
}

WindowRows TrainingWindow::NormalAndAnomalous() const {
  std::vector<size_t> slots;
  for (int i = 0; i < size(); ++i) {
    if (row(i).state != RowState::kExcluded) slots.push_back(Slot(i));
  }
  return Gather(slots);
}

WindowRows TrainingWindow::LatestNormal(int count, int stride) const {
  std::vector<size_t> slots;  // Newest first.
  int seen = 0;
  for (int i = size() - 1; i >= 0 && static_cast<int>(slots.size()) < count; --i) {
    if (row(i).state != RowState::kNormal || row(i).regime != regime_) continue;
    if (seen++ % stride == 0) slots.push_back(Slot(i));
  }
  std::reverse(slots.begin(), slots.end());
  return Gather(slots);
}

WindowRows TrainingWindow::Gather(const std::vector<size_t>& slots) const {
  WindowRows gathered;
  gathered.values.resize(static_cast<Eigen::Index>(slots.size()), features_);
  for (size_t k = 0; k < slots.size(); ++k) {
    const WindowRow& row = rows_[slots[k]];
    gathered.values.row(static_cast<Eigen::Index>(k)) = ValuesOfSlot(slots[k]);
    gathered.times.push_back(row.time);
    gathered.regimes.push_back(row.regime);
    if (row.state == RowState::kNormal) gathered.normal.push_back(static_cast<int>(k));
  }
  return gathered;
}

Eigen::Map<const Eigen::RowVectorXd> TrainingWindow::ValuesOfSlot(size_t slot) const {
  return {values_.data() + slot * static_cast<size_t>(features_), features_};
}

}  // namespace promheal::anomaly
