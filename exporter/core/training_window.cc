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
  if (!Takes(added.time)) return false;
  regime_ = std::max(regime_, added.regime);
  if (rows_.size() < capacity_) {
    rows_.push_back(added);
    values_.insert(values_.end(), values.begin(), values.end());
    return true;
  }
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
    if (row.state == RowState::kAnomalous) row.state = RowState::kNormal;
    row.regime = regime_;
  }
}

int TrainingWindow::normal_size() const {
  return static_cast<int>(std::count_if(rows_.begin(), rows_.end(), [](const WindowRow& row) {
    return row.state == RowState::kNormal;
  }));
}

const WindowRow& TrainingWindow::row(int index) const { return rows_[Slot(index)]; }

Eigen::RowVectorXd TrainingWindow::values(int index) const { return ValuesOfSlot(Slot(index)); }

NormalRows TrainingWindow::Normal() const {
  NormalRows normal;
  normal.values.resize(normal_size(), features_);
  for (int i = 0; i < size(); ++i) {
    if (row(i).state != RowState::kNormal) continue;
    normal.values.row(static_cast<Eigen::Index>(normal.regimes.size())) = ValuesOfSlot(Slot(i));
    normal.regimes.push_back(row(i).regime);
  }
  return normal;
}

Eigen::MatrixXd TrainingWindow::LatestNormal(int count) const {
  std::vector<size_t> slots;  // Newest first.
  for (int i = size() - 1; i >= 0 && static_cast<int>(slots.size()) < count; --i) {
    if (row(i).state == RowState::kNormal && row(i).regime == regime_) slots.push_back(Slot(i));
  }
  Eigen::MatrixXd latest(static_cast<Eigen::Index>(slots.size()), features_);
  for (size_t k = 0; k < slots.size(); ++k) {
    latest.row(static_cast<Eigen::Index>(slots.size() - 1 - k)) = ValuesOfSlot(slots[k]);
  }
  return latest;
}

Eigen::Map<const Eigen::RowVectorXd> TrainingWindow::ValuesOfSlot(size_t slot) const {
  return {values_.data() + slot * static_cast<size_t>(features_), features_};
}

}  // namespace promheal::anomaly
