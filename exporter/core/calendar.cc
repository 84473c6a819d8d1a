#include "exporter/core/calendar.h"

#include <algorithm>

namespace promheal::anomaly {
namespace {

Duration OffsetAt(const std::vector<UtcOffset>& offsets, Time time) {
  if (offsets.empty()) return Duration(0);
  const auto after =
      std::upper_bound(offsets.begin(), offsets.end(), time,
                       [](Time at, const UtcOffset& offset) { return at < offset.from; });
  return after == offsets.begin() ? after->offset : std::prev(after)->offset;
}

}  // namespace

Duration Calendar::Phase(Time time, Duration cycle) const {
  const bool of_days = cycle % std::chrono::days(1) == Duration(0);
  const Time local = of_days ? time + OffsetAt(offsets, time) : time;
  return local - AlignDown(local, cycle);
}

}  // namespace promheal::anomaly
