#include "webhook/core/override/held_override.h"

#include <array>

namespace promheal::healing {

std::string_view ToString(HoldPhase phase) {
  constexpr std::array<std::string_view, 6> kNames = {"applying", "in_force",  "lifting",
                                                      "lifted",   "preparing", "undoing"};
  return kNames[static_cast<size_t>(phase)];
}

bool MayBeInForce(const HeldOverride& held) {
  return held.phase != HoldPhase::kLifted && held.phase != HoldPhase::kReturning;
}

Overlap PutOver(Override& fresh, const Override& held) {
  Overlap overlap = Overlap::kNone;
  for (OverrideChange& change : fresh.changes) {
    for (const OverrideChange& ours : held.changes) {
      // The value tells apart places of the same name, such as one key in two tables.
      if (!IsSamePlace(ours, change) || ours.after != change.before) {
        continue;
      }
      if (change.after == ours.after) return Overlap::kSame;
      change.before = ours.before;
      // The value in force is ours: it may be overwritten and undone.
      change.earlier = ours.earlier;
      change.earlier.push_back(ours.after);
      overlap = Overlap::kOver;
    }
  }
  return overlap;
}

}  // namespace promheal::healing
