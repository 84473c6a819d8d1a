#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/base/time.h"
#include "webhook/core/override/override.h"

namespace promheal::healing {

// The rule by which every executor applies, undoes and inspects one change of an override. Pure.
// An executor reads the place, asks for a plan, and writes the plan's value, if it has one.
// No plan writes over another writer's decision, or without a reading of the place.

// A place as its keeper shows it.
struct PlaceReading {
  std::string value;  // "none", "ready", "40%".
  std::string run;    // As in OverrideChange.
  // A write began and did not finish: a new server is in maintenance, a new container does not run.
  bool half_made = false;
  // Values at this place expire by themselves: they are written again to renew them, and undoing
  // clears the place, whatever was there before.
  bool expires = false;
  std::optional<Duration> expires_in;
};

// The outcome for one change of an override.
struct ChangeReport {
  ActionResult result = ActionResult::kUnknown;
  Standing found = Standing::kUnreadable;  // Before the call.
  std::string text;                        // "ready -> drain", "refused: ..."
  OverrideChange now;                      // Replaces the change in the ledger.
};

struct ChangePlan {
  // The value to write; nullopt: write nothing, `report` is final.
  std::optional<std::string> write;
  // With a value to write: the report if that value stands there afterwards. NotWritten otherwise.
  ChangeReport report;
};

// An error as `place` says why the place cannot be read; kNotFound: it does not exist.
ChangePlan PlanApply(const OverrideChange& change, const Result<PlaceReading>& place, Time now);
// Done without a write if nothing of ours is left, or if another writer changed the place.
ChangePlan PlanUndo(const OverrideChange& change, const Result<PlaceReading>& place, Time now);
// Done if the place could be read.
ChangeReport InspectPlace(const OverrideChange& change, const Result<PlaceReading>& place,
                          Time now);

// The report if the plan's value was not written, or perhaps not: the change stays as it was.
ChangeReport NotWritten(const OverrideChange& change, const ChangePlan& plan, ActionResult result,
                        std::string why);

// The same override with another value at every place. The value until now stays ours: it may be
// in force until the next Apply.
Override WithValue(Override held, std::string_view value);

}  // namespace promheal::healing
