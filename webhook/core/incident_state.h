#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace promheal::healing {

enum class IncidentState {
  kCollecting,  // Just opened: more alerts of the same trouble may join.
  kPending,     // No action under way; Decide is asked again whenever something changes.
  kActing,      // The intent is durable, the executor's answer is awaited.
  kObserving,   // An intent without a known outcome: asking whether it happened.
  kVerifying,   // The action was carried out; data must show whether it helped.
  kHolding,     // Data say recovered, alerts still fire: a relapse is the same incident.
  kReleasing,   // What is held in force is let go step by step, each judged by data.
  kWatching,    // Refused: nothing will be done by us, we watch it recover.
  kEscalated,   // A human was called; nothing more will be done by us.
  kClosed,
};

enum class IncidentEvent {
  kAlertJoined,       // One more alert of this target fires.
  kScenarioRaised,    // The one that joined is more serious, or more severe, than what named it.
  kPoliciesChanged,   // The configuration was reloaded.
  kProgramRestarted,  // The healer came back: what was under way is unknown.
  kWindowElapsed,     // The collection window is over.
  kDecidedHeal,       // Decide chose an action.
  kDecidedWait,       // Decide will be asked again.
  kDecidedRefuse,     // Decide will not act in this incident.
  kDecidedEscalate,   // Decide will not act any more, or there are no data to hold by: a human is
                      // needed.
  kActionDone,        // Receipt: carried out.
  kActionHeld,        // Carried out and in force; only its release can be judged.
  kActionFailed,      // Receipt: refused by the other side.
  kActionUnknown,     // Receipt: deadline passed or answer lost.
  kObservedDone,      // Observation: it happened.
  kObservedNotDone,   // Observation: it did not, and its deadline is over.
  kObservedUnknown,   // Observation: nobody can tell.
  kDataRecovered,     // Data said recovered as often as the verification asks for.
  kDataNotRecovered,  // Verifying: time is up and data say no. Holding: data say no again.
                      // Releasing: time is up, and it relapses whenever it is let go.
  kDataMissing,       // Verifying: time is up and there were no data. Releasing: nothing is left.
  kReleaseDue,        // What is held has been in force for long enough, and data are good.
  kAllClear,          // All alerts are resolved and data confirm (or there is nothing to ask).
  kUnconfirmed,       // All alerts are resolved, data did not confirm for too long.
};

inline constexpr std::array kAllIncidentStates = {
    IncidentState::kCollecting, IncidentState::kPending,   IncidentState::kActing,
    IncidentState::kObserving,  IncidentState::kVerifying, IncidentState::kHolding,
    IncidentState::kReleasing,  IncidentState::kWatching,  IncidentState::kEscalated,
    IncidentState::kClosed};
inline constexpr size_t kIncidentEventCount = 22;

std::string_view ToString(IncidentState state);  // "collecting", ...
std::string_view ToString(IncidentEvent event);  // "alert_joined", ...

// From ToString's text; nothing for any other.
std::optional<IncidentState> ParseIncidentState(std::string_view text);

// The state after `event` in `state`, from one table (incident_state.cc). Nothing where the event
// cannot occur in that state: raising it is a bug.
std::optional<IncidentState> NextState(IncidentState state, IncidentEvent event);

// From intent to verdict: what budgets count.
bool IsActionInFlight(IncidentState state);

}  // namespace promheal::healing
