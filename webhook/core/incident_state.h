#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace promheal::healing {

enum class IncidentState {
  kCollecting,  // Just opened: waits for more alerts of the same trouble.
  kPending,     // No action under way: decides again whenever something changes.
  kActing,      // The intent is durable: waits for the executor's answer.
  kObserving,   // The outcome of an intent is unknown: asks whether it happened.
  kVerifying,   // The action was carried out: data must show whether it helped.
  kHolding,     // Data say recovered, alerts still fire. A relapse is the same incident.
  kReleasing,   // An override is released step by step; data judge each step.
  kWatching,    // Refused: the healer will not act, and watches for the end.
  kEscalated,   // A human was called: the healer will not act any more.
  kClosed,
};

enum class IncidentEvent {
  kAlertJoined,       // Another alert of this target fires.
  kScenarioRaised,    // The alert that joined is more serious than the naming alert.
  kPoliciesChanged,   // The configuration was reloaded.
  kProgramRestarted,  // The healer restarted: the outcome of a running call is unknown.
  kWindowElapsed,     // The collection window is over.
  kDecidedHeal,       // Decide chose an action.
  kDecidedWait,       // Decide wants to wait.
  kDecidedRefuse,     // Decide refuses to act in this incident.
  kDecidedEscalate,   // Decide calls a human, or an override is held without data for too long.
  kActionDone,        // Receipt: carried out.
  kActionHeld,        // A probe is in force; only its release can be judged.
  kActionFailed,      // Receipt: failed.
  kActionUnknown,     // Receipt: deadline passed or answer lost.
  kObservedDone,      // Observation: it happened.
  kObservedNotDone,   // Observation: it did not happen, and its deadline is over.
  kObservedUnknown,   // Observation: it is unknown.
  kDataRecovered,     // Data said recovered as often as the verification requires.
  kDataNotRecovered,  // Verifying: time is up and data are bad. Holding: data are bad again.
                      // Releasing: time is up, and the trouble comes back at each release.
  kDataMissing,       // Verifying: time is up without data. Releasing: nothing is held any more.
  kReleaseDue,        // The override has been in force for long enough, and data are good.
  kAllClear,          // All alerts are resolved, and data confirm it, or there is no query.
  kUnconfirmed,       // All alerts are resolved, but data did not confirm it in time.
};

inline constexpr std::array kAllIncidentStates = {
    IncidentState::kCollecting, IncidentState::kPending,   IncidentState::kActing,
    IncidentState::kObserving,  IncidentState::kVerifying, IncidentState::kHolding,
    IncidentState::kReleasing,  IncidentState::kWatching,  IncidentState::kEscalated,
    IncidentState::kClosed};
inline constexpr size_t kIncidentEventCount = 22;

std::string_view ToString(IncidentState state);  // "collecting", ...

// The state after `event` in `state`, from the table in incident_state.cc. nullopt if the event
// cannot occur in that state: raising it then is a bug.
std::optional<IncidentState> NextState(IncidentState state, IncidentEvent event);

// From intent to verdict; budgets count these incidents.
bool IsActionInFlight(IncidentState state);

}  // namespace promheal::healing
