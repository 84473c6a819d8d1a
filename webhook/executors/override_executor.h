#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/io/clock.h"
#include "webhook/core/override/override.h"
#include "webhook/executors/executor.h"

namespace promheal::healing {

// One keeper, as ReadState found it.
struct KeeperReading {
  std::string keeper;
  std::string run;             // As in OverrideChange.
  std::optional<Error> error;  // It could not be read completely: more may be in force.
};

struct OverridesInForce {
  std::vector<Override> overrides;  // One change each. `target` only if the subject implies it.
  std::vector<KeeperReading> keepers;
};

struct OverrideTraits {
  bool has_degrees = false;  // May be applied at less than its full percentage.
  bool expires = false;      // Is gone by itself unless applied again in time.
  int percent = 100;         // As configured.
  bool shuts_down = false;   // May take the last serving instance out of service.
  // Its place among the operations of its executor, the least disruptive first; -1: not known.
  int disruptiveness = -1;
  std::string_view executor = "";  // As ExecutorKind::key.
};

// An executor whose action stays in force: the healer holds, steps and undoes it. The healer's
// calls, and its commits to the ledger after each:
//
//   Prepare                    reads the current state    -> commit the intent with the Override
//   Apply                      puts it in force           -> commit `now`
//   Apply, before ExpiresAt    renews it, or restores it  -> keep `now` without a commit
//                              after a reload
//   AtPercent, commit, Apply   releases a step; after a   -> commit `now`
//                              relapse, a step back
//   Undo                       restores the state before  -> commit its end
//
// After a crash the ledger has the intended overrides, and Inspect finds the state of each. The
// healer applies those that are still wanted and undoes the others. Both are safe whenever the
// crash came, because an Override names the value before, the wanted value, and every value that
// may be in between. An override that only ReadState finds is another writer's, or the ledger was
// lost: the healer reports it and leaves it alone.
// Execute is Prepare and Apply in one, for callers that hold no overrides.
//
// Compare-and-set: before each write the executor reads the place, and it writes only if the place
// is as the Override says. Keepers have no atomic comparison: a person's change in the same
// millisecond may be overwritten. Prepare writes nothing; Execute writes nothing if a keeper cannot
// be read. Thread safety: as Executor. An Override belongs to one caller at a time.
class OverrideExecutor : public Executor {
 public:
  explicit OverrideExecutor(const Clock& clock) : clock_(clock) {}

  virtual OverrideTraits traits() const = 0;
  const Clock& clock() const { return clock_; }

  // The change that the action would make to the current state, at its configured percentage.
  virtual Result<Override> Prepare(const Action& action, Duration deadline) = 0;

  // Puts it in force at every place that MayWrite allows. Repeated, it only renews the expiry.
  virtual OverrideReport Apply(const Override& held, Duration deadline) = 0;

  // The same override at another percentage, 1 to 100, for Apply. Changes nothing itself.
  // kInvalidArgument if the executor has no degrees.
  Result<Override> AtPercent(Override held, int percent) const;

  // Restores the value before at every place that is still ours, and leaves other places alone.
  // kDone if nothing of ours is left.
  virtual OverrideReport Undo(const Override& held, Duration deadline) = 0;

  // Only reads. kDone if every place could be read.
  virtual OverrideReport Inspect(const Override& held, Duration deadline) = 0;

  // Prepare and Apply. If Apply failed and TimeToUndoFailure has a value, Undo follows.
  Receipt Execute(const Action& action, Duration deadline) override;

  // Prepare, as a sentence about each place.
  Result<std::string> Rehearse(const Action& action, Duration deadline) override;

  // Everything of this kind that is in force now, whoever put it there.
  virtual OverridesInForce ReadState(Duration deadline) = 0;

 protected:
  // Prepare for Execute: executing the same intent again must change the same place.
  virtual Result<Override> PrepareToExecute(const Action& action, Duration deadline) {
    return Prepare(action, deadline);
  }
  // The part of Execute's deadline that is kept for undoing an override that could not be applied;
  // nullopt: Execute leaves it as it is.
  virtual std::optional<Duration> TimeToUndoFailure(Duration) const { return std::nullopt; }
  // The value of its places at a percentage, for an executor that has degrees.
  virtual std::string ValueAt(int) const { return ""; }

 private:
  const Clock& clock_;
};

// The same executor if its action stays in force, else null.
OverrideExecutor* AsOverrideExecutor(Executor& executor);

}  // namespace promheal::healing
