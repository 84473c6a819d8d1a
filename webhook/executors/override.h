#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "webhook/core/override/override.h"
#include "webhook/executors/executor.h"

namespace promheal::healing {

// What a keeper says about itself.
struct KeeperReading {
  std::string keeper;
  std::string run;             // As in OverrideChange.
  std::optional<Error> error;  // It could not be read (whole): what is missing may be in force.
};

struct OverridesInForce {
  std::vector<Override> overrides;  // One change each. `target` where it follows from the subject.
  std::vector<KeeperReading> keepers;
};

struct OverrideTraits {
  bool has_degrees = false;  // May be applied at less than its full percentage.
  bool expires = false;      // Is gone by itself unless applied again in time.
  int percent = 100;         // As configured.
  bool shuts_down = false;   // May take the last of what serves out of service.
  // Its place among the operations of its executor, the least disruptive first; -1: not known.
  int disruptiveness = -1;
  std::string_view executor = "";
};

// An executor whose action stays in force, and so must be held, stepped and taken back. What the
// healer keeps in its ledger, and when:
//
//   Prepare                    reads what is there        -> commit the intent with the Override
//   Apply                      makes it so                -> commit `now`
//   Apply, before ExpiresAt    renews it, re-establishes  -> keep `now`; nothing to commit
//                              it after a reload
//   AtPercent, commit, Apply   releases a step; after a   -> commit `now`
//                              relapse, a step back
//   Undo                       restores what was before   -> commit its end
//
// After a crash the ledger's Overrides are what was intended. Inspect says what became of each:
// what is still wanted is applied again, anything else undone. Both are safe at every point of the
// crash, for an Override says what was there, what is meant to be, and what may be in between. What
// ReadState finds beside them is not ours, or the ledger is lost: tell people, do not touch it.
// Execute is Prepare and Apply in one, for a healer that does not hold overrides.
//
// Compare-and-set: each write comes after a look, and only where the place is as the Override says.
// Keepers know no atomic comparison, so a person who acts within the same millisecond may lose.
// Nothing is written anywhere by Prepare, nor by Execute where one keeper cannot be read.
// Thread safety: as Executor. An Override belongs to one caller at a time.
class OverrideExecutor : public Executor {
 public:
  virtual OverrideTraits traits() const = 0;

  // What the action would change at its configured percentage, from the state as it is.
  virtual Result<Override> Prepare(const Action& action, Duration deadline) = 0;

  // Makes it so wherever MayWrite; see above. Doing it again changes nothing but the expiry.
  virtual OverrideReport Apply(const Override& held, Duration deadline) = 0;

  // The same override at another percentage, 1 to 100; Apply makes it so. Changes nothing itself.
  // kInvalidArgument where it has no degrees. To 0 is Undo.
  virtual Result<Override> AtPercent(Override held, int percent) const = 0;

  // Restores what was before where it is still ours, and leaves everything else alone. kDone where
  // nothing of ours is left.
  virtual OverrideReport Undo(const Override& held, Duration deadline) = 0;

  // Only looks. kDone where every place could be read.
  virtual OverrideReport Inspect(const Override& held, Duration deadline) = 0;

  // By Prepare: each place with what it would be.
  Result<std::string> Rehearse(const Action& action, Duration deadline) override;

  // Everything of this kind that is in force now, whoever did it.
  virtual OverridesInForce ReadState(Duration deadline) = 0;
};

// The same executor where its action stays in force; null where it happens and is over.
OverrideExecutor* AsOverrideExecutor(Executor& executor);

}  // namespace promheal::healing
