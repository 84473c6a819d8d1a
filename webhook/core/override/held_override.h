#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "common/base/time.h"
#include "webhook/core/override/override.h"

namespace promheal::healing {

// Where an override is on its way from its intent to its end.
enum class HoldPhase {
  kApplying,   // The intent is durable; whether it is in force is not known yet.
  kInForce,    // As far as it was last looked at; renewed as long as it is wanted.
  kLifting,    // The last step of its release: being taken back, on probation.
  kLifted,     // Taken back, on probation.
  kPreparing,  // It relapsed while lifted: on its way back.
  kUndoing,    // Not wanted any more: taken back, tried again until nothing of it is left.
};
std::string_view ToString(HoldPhase phase);  // "applying", "in_force", ...

// What an attempt left in force, and how far its release has come. Step 0 is all of it, then come
// those of Hold::release, the last is nothing.
struct HeldOverride {
  std::string attempt_id;
  std::string policy;
  size_t rung = 0;
  std::string action;
  Override held;
  HoldPhase phase = HoldPhase::kApplying;
  int full_percent = 100;  // At step 0.
  size_t step = 0;
  Time since;             // Of the intent.
  Time step_since;        // In this step.
  Time next_release;      // No further step before.
  Time tried_since;       // For Hold::at_most.
  int relapses = 0;       // Since then.
  bool relapsed = false;  // This step was taken back to.

  bool operator==(const HeldOverride&) const = default;
};

// An incident's wish that it be in force, be it only to some degree or on probation.
inline bool IsWanted(const HeldOverride& one) { return one.phase != HoldPhase::kUndoing; }
// Something of it may be there: what rules and dashboards must know.
bool MayBeInForce(const HeldOverride& one);

// How a fresh override, read from the state as it is, stands to one that is held already.
enum class Overlap {
  kNone,
  kSame,  // The same once more.
  kOver,  // Another value on top of it, at the same place.
};
// Where it goes on top, it takes over what is to be restored at the end, and what is there as ours.
Overlap PutOver(Override& fresh, const Override& held);

}  // namespace promheal::healing
