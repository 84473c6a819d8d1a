#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "common/base/time.h"
#include "webhook/core/override/override.h"

namespace promheal::healing {

// The phase of a held override, from its intent to its end.
enum class HoldPhase {
  kApplying,   // The intent is durable; it is not known yet whether it is in force.
  kInForce,    // In force when last seen; renewed as long as it is wanted.
  kLifting,    // The last step of its release: it is being undone, on probation.
  kLifted,     // Undone, on probation.
  kReturning,  // The target relapsed while it was lifted: it is prepared again.
  kUndoing,    // Not wanted any more: undone, again and again until nothing of it is left.
};
std::string_view ToString(HoldPhase phase);  // "applying", "in_force", ...

// An override that an attempt left in force, and the progress of its release. Step 0 is the full
// override, then come the steps of Hold::release; at the last step nothing is in force.
struct HeldOverride {
  std::string attempt_id;
  std::string policy;
  size_t rung = 0;
  std::string action;
  Override held;
  HoldPhase phase = HoldPhase::kApplying;
  int full_percent = 100;  // At step 0.
  size_t step = 0;
  Time since;             // The time of the intent.
  Time step_since;        // Start of this step.
  Time next_release;      // Earliest time of the next step.
  Time tried_since;       // Start of the time that Hold::at_most limits.
  int relapses = 0;       // Since `tried_since`.
  bool relapsed = false;  // A relapse led back to this step.

  bool operator==(const HeldOverride&) const = default;
};

// Whether its incident still needs it, perhaps at a lower degree or on probation.
inline bool IsWanted(const HeldOverride& held) { return held.phase != HoldPhase::kUndoing; }
// Whether some of it may be in force, as rules and dashboards must know.
bool MayBeInForce(const HeldOverride& held);

// How a new override, prepared from the current state, relates to a held one.
enum class Overlap {
  kNone,
  kSame,  // The same value at the same place.
  kOver,  // Another value at the same place.
};
// Compares the two. A new override that goes over the held one inherits its `before`, to be
// restored at the end, and its values as `earlier` ones of its own.
Overlap PutOver(Override& fresh, const Override& held);

}  // namespace promheal::healing
