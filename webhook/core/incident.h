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
  kUnknown,      // It is unknown whether it happened.
  kNotHappened,  // The call never took effect: the attempt does not count.
};
std::string_view ToString(AttemptState state);

// Whether an action helped, by data.
enum class ActionVerdict { kHealed, kIneffective, kUnknown, kFailed, kNotHappened };
std::string_view ToString(ActionVerdict verdict);

// One use of a rung.
struct Attempt {
  std::string id;  // "<incident>/<number from 1>"
  std::string policy;
  size_t rung = 0;
  std::string action;
  Time intended_at;
  Time deadline;  // The executor ends the call then, or the kernel a moment later.
  std::optional<Time> finished_at;
  AttemptState state = AttemptState::kIntended;
  std::optional<ActionVerdict> verdict;
  std::string detail;
  bool holds = false;  // It leaves an override in force: see Incident::overrides.

  bool operator==(const Attempt&) const = default;
};

enum class TimelineKind {
  kAlert,
  kDecision,
  kIntent,
  kAction,
  kVerification,
  kVerdict,
  kOverride,  // A change of a held override.
  kPerson,    // An order of a person.
  kClosed,
};
std::string_view ToString(TimelineKind kind);

// A line of an incident's history, for people and programs.
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
  std::string scenario;  // The incident's scenario at that time.

  bool operator==(const FalseAlarm&) const = default;
};

// How an incident ended. Every accepted alert ends in exactly one outcome.
enum class Outcome {
  kHealed,      // Data confirm that the healer's last action helped.
  kRecovered,   // Data say recovered, without an action that helped.
  kEscalated,   // A human was called.
  kSuppressed,  // The healer refused to act; outcome_reason says why.
  kShadow,      // The healer would have acted in mode auto.
};
std::string_view ToString(Outcome outcome);

// A rung that must not be used in this incident.
struct SkippedRung {
  std::string policy;
  size_t rung = 0;

  bool operator==(const SkippedRung&) const = default;
};

// All current trouble of one target. Each target has at most one open incident.
struct Incident {
  std::string id;  // "orders-20261121-215327-5f3a91": safe in paths.
  Labels target;
  IncidentState state = IncidentState::kCollecting;
  Labels labels;                        // The naming alert's labels.
  std::string scenario;                 // The naming alert's `scenario` label.
  std::vector<std::string> alert_keys;  // In the order in which they joined.
  std::vector<Attempt> attempts;
  std::vector<SkippedRung> skipped;
  std::vector<HeldOverride> overrides;  // In the order of their attempts. Empty when it closes.
  std::optional<Decision> last_decision;
  Time opened_at;
  Time state_since;
  std::optional<Time> resolved_at;   // Set while all its alerts are resolved: since then.
  std::optional<Time> recovered_at;  // Since then data say recovered.
  std::optional<Time> escalated_at;
  std::optional<Time> closed_at;
  std::optional<Outcome> outcome;
  std::string outcome_reason;
  std::optional<FalseAlarm> false_alarm;
  std::vector<TimelineEvent> timeline;
  int dropped_events = 0;  // Removed from the middle of a very long timeline.

  bool operator==(const Incident&) const = default;
};

// The values for the queries and commands of an incident: the naming alert's labels, overlaid by
// the target's.
Labels LabelsOf(const Incident& incident);

// The id of an incident of `target` opened at `now`.
std::string MakeIncidentId(const Labels& target, Time now);

// Appends an event. A timeline of kMaxTimelineEvents first loses an event from its middle.
inline constexpr size_t kMaxTimelineEvents = 400;
void AppendEvent(Incident& incident, TimelineEvent event);

}  // namespace promheal::healing
