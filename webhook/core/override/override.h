#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/labels.h"
#include "common/base/time.h"
#include "webhook/core/override/action.h"

namespace promheal::healing {

// One place that an override changes. The texts are the executor's own, short, and shown to people;
// the ledger stores them as they are. An executor checks them again before it uses them.
struct OverrideChange {
  std::string keeper;  // The gateway or engine that holds it, by the path of its socket.
  // "orders" in a table, "orders/orders-2" for a slot. The text from the first '@' or ' ' on does
  // not belong to the place and may become known with the write: "orders/orders-4@10.0.0.7:8080".
  std::string subject;
  std::string before;  // Undo restores it: "none", "ready".
  std::string after;   // "40%", "drain".
  // Values of earlier steps. They are ours, too: an interrupted step may have left one in force.
  std::vector<std::string> earlier;
  // The run of the keeper that accepted the write; a reload starts another run. Empty: not written.
  std::string run;
  std::optional<Time> expires_at;  // Gone then, unless renewed. nullopt: stays until undone.

  bool operator==(const OverrideChange&) const = default;
};

// The subject's part that names the place: "orders/orders-4".
std::string_view PlaceOf(const OverrideChange& change);
// Whether both change the same place of the same keeper.
bool IsSamePlace(const OverrideChange& a, const OverrideChange& b);

// The lasting effect of an action, until it is undone: a throttle, a drained slot, a spare slot
// that serves. `changes` has one entry per keeper, in order of configuration.
struct Override {
  Labels target;
  int percent = 100;  // The degree in force; 100 for executors without degrees.
  std::vector<OverrideChange> changes;

  bool operator==(const Override&) const = default;
};

// A place compared with the override's change of it.
enum class Standing {
  kPending,     // Never written; the place is as it was before.
  kInForce,     // As we wrote it.
  kExpired,     // Gone, because it was not renewed in time.
  kLost,        // Gone with the keeper's run: the keeper was reloaded or restarted.
  kTakenBack,   // Gone before its time: another writer took it back.
  kReplaced,    // Another writer set another value.
  kUnreadable,  // The keeper does not answer, or has no such place.
};
std::string_view ToString(Standing standing);  // "pending", "in_force", ...

// The outcome of a call about an override.
struct OverrideReport {
  // kDone only if every place is as it should be.
  ActionResult result = ActionResult::kUnknown;
  std::string detail;           // One line for people, each place by name.
  Override now;                 // Replaces the override in the ledger, also after a failure.
  std::vector<Standing> found;  // For each change, its standing before the call.
};

// Whether an override may write to a place: not over another writer's decision, and not if the
// place cannot be read.
bool MayWrite(Standing standing);

// Compares `change` with the value found at its place in this run of its keeper.
Standing StandingOf(const OverrideChange& change, std::string_view found, std::string_view run,
                    Time now);
inline constexpr std::string_view kNoOverride = "none";  // The value of an empty place.

// When the first of its places expires; nullopt if none expires.
std::optional<Time> ExpiresAt(const Override& held);
// When to renew an override that was applied at `applied_at`: after a third of its life, so that
// two renewals may fail. nullopt if it does not expire.
std::optional<Time> RenewAt(const Override& held, Time applied_at);

}  // namespace promheal::healing
