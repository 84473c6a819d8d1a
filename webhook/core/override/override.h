#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/labels.h"
#include "common/base/time.h"
#include "webhook/core/override/action.h"

namespace promheal::healing {

// One place that an override changes. Texts are the executor's own, short, and meant for people,
// too; a ledger stores them as they are. Nothing in here is trusted when it is used again.
struct OverrideChange {
  std::string keeper;  // Who holds it: the path of a gateway's socket.
  // "orders" in a table, "orders/orders-2" for a slot. What follows the first '@' or ' ' is no part
  // of the place, and may become known only when it is written: "orders/orders-4@10.0.0.7:8080".
  std::string subject;
  std::string before;  // "none", "ready": what Undo restores.
  std::string after;   // "40%", "drain".
  // Ours as well: what a step that was interrupted may have left in force.
  std::vector<std::string> earlier;
  // Which run of the keeper took it: a reload starts another. Empty: never written.
  std::string run;
  std::optional<Time> expires_at;  // Gone then, unless renewed. Nothing: stays until undone.

  bool operator==(const OverrideChange&) const = default;
};

// Whether both are about the same place.
bool IsSamePlace(const OverrideChange& a, const OverrideChange& b);

// What an action leaves in force until it is taken back: a throttle, a drained slot, a spare slot
// that serves. `changes` has one entry a keeper, in order of configuration.
struct Override {
  Labels target;
  int percent = 100;  // How much of it is in force, where it comes in degrees.
  std::vector<OverrideChange> changes;

  bool operator==(const Override&) const = default;
};

// How a place stands against what an override says about it.
enum class Standing {
  kPending,     // Never written; the place is as it was before.
  kInForce,     // As we wrote it.
  kExpired,     // Gone, because nobody renewed it in time.
  kLost,        // Gone with the keeper's run: it was reloaded or restarted.
  kTakenBack,   // Gone though its time was not over: somebody took it back.
  kReplaced,    // Somebody put something else there.
  kUnreadable,  // The keeper cannot be asked, or has no such place.
};
std::string_view ToString(Standing standing);  // "pending", "in_force", ...

// What a call about an override came to.
struct OverrideReport {
  // As of an executor: kDone only where every place is as it should be.
  ActionResult result = ActionResult::kUnknown;
  std::string detail;           // One line for people, each place by name.
  Override now;                 // What to keep from here on, also after a failure.
  std::vector<Standing> found;  // For each of its changes, how it stood before the call.
};

// Whether the override may write there: not what somebody else has decided, nor what it cannot see.
bool MayWrite(Standing standing);
// For people, where it may not because of somebody else's decision, whose value was found there.
std::string WhyLeftAlone(Standing standing, std::string_view found);

// Compares `change` with the value found at its place in this run of its keeper.
Standing StandingOf(const OverrideChange& change, std::string_view found, std::string_view run,
                    Time now);
inline constexpr std::string_view kNoOverride = "none";  // The value of a place that holds nothing.

// When the first of its places expires; nothing where none does.
std::optional<Time> ExpiresAt(const Override& held);
// When to renew what was applied at `applied_at`: a third of its time later, so that two renewals
// may fail. Nothing where it does not expire.
std::optional<Time> RenewAt(const Override& held, Time applied_at);

}  // namespace promheal::healing
