#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/base/time.h"

namespace promheal::healing::samples {

// Everything that can happen to services, Prometheus, gateways, people, clocks and the healer.
enum class Happening {
  kBreak,          // The service breaks and alerts; `value` chooses the trouble.
  kRecover,        // The service recovers by itself.
  kAlert,          // `value` chooses the alert, and how often it is delivered.
  kResolve,        // All alerts of the service are resolved.
  kLoseData,       // Prometheus has no data about the service.
  kFindData,       // Prometheus has data again.
  kExecutorFails,  // Until kExecutorWorks. `value`: fails, is unknown, or never answers.
  kExecutorWorks,
  kDie,            // The healer dies at one of the next I/O calls, by `value`.
  kKill,           // The healer is killed between two steps.
  kReloadGateway,  // The gateway restarts: all overrides are lost.
  kGatewayAway,    // The gateway cannot be reached.
  kGatewayBack,
  kHandSetsOverride,  // A person overwrites the healer's overrides.
  kHandClears,        // A person removes all overrides.
  kClockBack,         // By 10 x `value` seconds.
  kClockForward,      // By 10 x `value` seconds.
  kPause,             // A person pauses healing.
  kResume,
  kSilence,  // A person silences the service.
  kUnsilence,
  kReleaseAll,  // A person orders the release of everything.
};
inline constexpr int kHappeningCount = 22;

struct Event {
  Happening happening = Happening::kBreak;
  int service = 0;  // An index of kServices.
  int value = 0;
  Duration then{0};  // Time that passes before the next event.
};
using History = std::vector<Event>;

// "prometheus" is protected; the last name must not be put into any command.
inline const std::vector<std::string> kServices = {"orders", "payments", "auth", "prometheus",
                                                   "hostile;"};

// The scenario of the alert, with kAlert and kResolve.
const std::string& ScenarioOf(const Event& event);

// The same seed gives the same history. With `only`, all events are of these happenings.
History RandomHistory(unsigned seed, size_t events, const std::vector<Happening>& only = {});

// A line per event, for people.
std::string ToString(const History& history);

// Delivers the alerts (kAlert, kResolve) of these troubles (kBreak) at once, and returns the
// actions as (service, action). With order 0 all alerts are in one delivery; else `order` is the
// seed of their order, grouping and number of copies.
std::set<std::pair<std::string, std::string>> ActionsOf(const History& history, unsigned order);

// Tells the fault that a history reveals; nullopt if it reveals none.
using Check = std::function<std::optional<std::string>(const History&)>;

// The shortest history for which `check` still finds a fault: no further event or wait can be left
// out. By delta debugging (Zeller and Hildebrandt 2002), then of waits.
History Shrink(History history, const Check& check);

}  // namespace promheal::healing::samples
