#include "common/base/calendar.h"

#include <algorithm>

namespace promheal {
namespace {

std::vector<UtcOffset>::const_iterator FirstAfter(const std::vector<UtcOffset>& offsets,
                                                  Time time) {
  return std::upper_bound(offsets.begin(), offsets.end(), time,
                          [](Time at, const UtcOffset& offset) { return at < offset.from; });
}

}  // namespace

Duration Calendar::OffsetAt(Time time) const {
  if (offsets.empty()) return Duration(0);
  const auto after = FirstAfter(offsets, time);
  return after == offsets.begin() ? after->offset : std::prev(after)->offset;
}

Time Calendar::NextChange(Time time) const {
  const auto after = FirstAfter(offsets, time);
  return after == offsets.end() ? Time::max() : after->from;
}

Duration Calendar::Phase(Time time, Duration cycle) const {
  const bool whole_days = cycle % std::chrono::days(1) == Duration(0);
  const Time local = whole_days ? time + OffsetAt(time) : time;
  return local - AlignDown(local, cycle);
}

}  // namespace promheal
