#include "webhook/core/storm.h"

#include <algorithm>

namespace promheal::healing {

void StormWatch::Opened(Time at, const StormLimit& limit) {
  const size_t too_many = static_cast<size_t>(limit.incidents) + 1;
  opened_.push_back(opened_.empty() ? at : std::max(at, opened_.back()));
  while (opened_.size() > too_many) opened_.pop_front();
  if (opened_.size() == too_many && opened_.back() - opened_.front() <= limit.window) {
    until_ = opened_.back() + limit.calm;
  }
}

}  // namespace promheal::healing
