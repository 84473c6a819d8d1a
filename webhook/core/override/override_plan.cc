#include "webhook/core/override/override_plan.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace promheal::healing {
namespace {

Standing StandingAt(const OverrideChange& change, const PlaceReading& place, Time now) {
  // Only our own write can have stopped halfway before the ledger heard of it.
  if (place.half_made && change.run.empty()) return Standing::kInForce;
  return StandingOf(change, place.value, place.run, now);
}

ChangePlan Final(const OverrideChange& change, Standing found, ActionResult result,
                 std::string text) {
  return {.write = std::nullopt,
          .report = {.result = result, .found = found, .text = std::move(text), .now = change}};
}

ChangePlan Unreadable(const OverrideChange& change, const Error& error) {
  return Final(change, Standing::kUnreadable, ActionResult::kFailed, error.message);
}

std::string LeftAlone(Standing standing, const PlaceReading& place) {
  return fmt::format("left alone, because another writer {} {}",
                     standing == Standing::kReplaced ? "set it to" : "took it back to",
                     place.value);
}

std::string Transition(Standing found, const PlaceReading& place, const std::string& value) {
  const bool again = found == Standing::kLost || found == Standing::kExpired;
  return fmt::format("{}{} -> {}",
                     again ? fmt::format("again, because it was {}: ", ToString(found)) : "",
                     place.value, value);
}

}  // namespace

ChangePlan PlanApply(const OverrideChange& change, const Result<PlaceReading>& place, Time now) {
  if (!place) return Unreadable(change, place.error());
  const Standing found = StandingAt(change, *place, now);
  if (!MayWrite(found)) {
    return Final(change, found, ActionResult::kFailed, LeftAlone(found, *place));
  }
  ChangePlan plan = Final(change, found, ActionResult::kDone, "already " + change.after);
  plan.report.now.run = place->run;
  plan.report.now.earlier.clear();
  const bool is_there = place->value == change.after && !place->half_made;
  if (is_there && !place->expires) return plan;
  plan.write = change.after;
  plan.report.text = is_there ? "renewed " + change.after : Transition(found, *place, change.after);
  return plan;
}

ChangePlan PlanUndo(const OverrideChange& change, const Result<PlaceReading>& place, Time now) {
  if (!place && place.error().code == ErrorCode::kNotFound) {
    return Final(change, Standing::kUnreadable, ActionResult::kDone,
                 "its place is gone: " + place.error().message);
  }
  if (!place) return Unreadable(change, place.error());
  // Half of it is enough to take back, whoever made the other half.
  const Standing found = place->half_made ? Standing::kInForce : StandingAt(change, *place, now);
  if (found == Standing::kReplaced || found == Standing::kTakenBack) {
    return Final(change, found, ActionResult::kDone, LeftAlone(found, *place));
  }
  const std::string value = place->expires ? std::string(kNoOverride) : change.before;
  if (found != Standing::kInForce || place->value == value) {
    return Final(change, found, ActionResult::kDone, "already " + place->value);
  }
  ChangePlan plan = Final(change, found, ActionResult::kDone, place->value + " -> " + value);
  plan.write = value;
  return plan;
}

ChangeReport InspectPlace(const OverrideChange& change, const Result<PlaceReading>& place,
                          Time now) {
  if (!place) return Unreadable(change, place.error()).report;
  const Standing found = StandingAt(change, *place, now);
  ChangeReport report = Final(change, found, ActionResult::kDone,
                              fmt::format("{} ({})", place->value, ToString(found)))
                            .report;
  if (found == Standing::kInForce && place->expires_in) {
    report.now.expires_at = now + *place->expires_in;
  }
  return report;
}

ChangeReport NotWritten(const OverrideChange& change, const ChangePlan& plan, ActionResult result,
                        std::string why) {
  return Final(change, plan.report.found, result, std::move(why)).report;
}

Override WithValue(Override held, std::string_view value) {
  for (OverrideChange& change : held.changes) {
    if (change.after == value) continue;
    change.earlier.push_back(change.after);
    std::erase(change.earlier, value);
    change.after = value;
  }
  return held;
}

}  // namespace promheal::healing
