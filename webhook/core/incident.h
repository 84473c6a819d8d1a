#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/labels.h"
#include "common/base/time.h"
#include "webhook/core/decision.h"
#include "webhook/core/incident_state.h"
#include "webhook/core/override/held_override.h"

namespace promheal::healing {

enum class AttemptState {
  kIntended,     // Written down; the call may be under way.
  kDone,         // Carried out.
  kFailed,       // The executor said no.
  kUnknown,      // Nobody knows whether it happened.
  kNotHappened,  // Observed after a crash: the call never took effect. It does not count.
};
std::string_view ToString(AttemptState state);

// What came of an action, as data say.
enum class ActionVerdict { kHealed, kIneffective, kUnknown, kFailed, kNotHappened };
std::string_view ToString(ActionVerdict verdict);

// One use of one rung.
struct Attempt {
  std::string id;  // "<incident>/<number from 1>"
  std::string policy;
  size_t rung = 0;
  std::string action;
  Time intended_at;
  Time deadline;  // The call is ended then, by its executor or a moment later by the kernel.
  std::optional<Time> finished_at;
  AttemptState state = AttemptState::kIntended;
  std::optional<ActionVerdict> verdict;
  std::string detail;
  bool holds = false;  // What it does stays in force: see Incident::overrides.

  bool operator==(const Attempt&) const = default;
};

enum class TimelineKind {
  kAlert,
  kDecision,
  kIntent,
  kAction,
  kVerification,
  kVerdict,
  kOverride,  // What becomes of something that is held in force.
  kPerson,    // What a person told us to do about it.
  kClosed,
};
std::string_view ToString(TimelineKind kind);

// One line of an incident's history, for people and programs.
struct TimelineEvent {
  Time time;
  TimelineKind kind = TimelineKind::kAlert;
  std::string text;
  std::vector<std::pair<std::string, std::string>> fields;

  bool operator==(const TimelineEvent&) const = default;
};

// A person says that nothing was wrong.
struct FalseAlarm {
  std::string by;
  Time at;
  std::string why;
  std::string scenario;  // The incident's, when it was said.

  bool operator==(const FalseAlarm&) const = default;
};

// How an incident ended: exactly one of these for every accepted alert.
enum class Outcome {
  kHealed,      // Our last action, and data say so.
  kRecovered,   // Data say so, without an action of ours that helped.
  kEscalated,   // A human was called.
  kSuppressed,  // Nothing was to be done by us; outcome_reason says why.
  kShadow,      // We would have acted.
};
std::string_view ToString(Outcome outcome);

// A rung that may not be used in this incident.
struct SkippedRung {
  std::string policy;
  size_t rung = 0;

  bool operator==(const SkippedRung&) const = default;
};

// Everything that is wrong with one target now. One is open for a target at most.
struct Incident {
  std::string id;  // "orders-20261121-215327-5f3a91": safe in paths.
  Labels target;
  IncidentState state = IncidentState::kCollecting;
  Labels labels;                        // Of the alert that names it.
  std::string scenario;                 // Its `scenario` label.
  std::vector<std::string> alert_keys;  // In order of joining.
  std::vector<Attempt> attempts;
  std::vector<SkippedRung> skipped;
  std::vector<HeldOverride> overrides;  // In order of applying. None is left when it closes.
  std::optional<Decision> last_decision;
  Time opened_at;
  Time state_since;
  std::optional<Time> resolved_at;   // Since when all its alerts are resolved.
  std::optional<Time> recovered_at;  // Since when data say so.
  std::optional<Time> escalated_at;
  std::optional<Time> closed_at;
  std::optional<Outcome> outcome;
  std::string outcome_reason;
  std::optional<FalseAlarm> false_alarm;
  std::vector<TimelineEvent> timeline;
  int dropped_events = 0;  // Left out of the middle of a very long timeline.

  bool operator==(const Incident&) const = default;
};

// The id of an incident of `target` opened at `now`.
std::string MakeIncidentId(const Labels& target, Time now);

// Appends, and keeps a timeline that never stops growing at kMaxTimelineEvents.
inline constexpr size_t kMaxTimelineEvents = 400;
void AppendEvent(Incident& incident, TimelineEvent event);

}  // namespace promheal::healing
