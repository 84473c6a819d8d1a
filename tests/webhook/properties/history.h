#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/base/time.h"

namespace promheal::healing::samples {

// What can happen to services, Prometheus, gateways, people, clocks and the healer itself.
enum class Happening {
  kBreak,          // With its alert; `value`: which trouble it is.
  kRecover,        // By itself.
  kAlert,          // `value`: which, some of them several times.
  kResolve,        // Of all alerts of the service.
  kLoseData,       // Prometheus has nothing about the service.
  kFindData,       // It has again.
  kExecutorFails,  // Until kExecutorWorks: `value`: says no, does not know, never answers.
  kExecutorWorks,
  kDie,            // At one of the next I/O calls: `value`.
  kKill,           // Between two steps.
  kReloadGateway,  // All overrides are lost.
  kGatewayAway,    // Cannot be reached.
  kGatewayBack,
  kHandSetsOverride,  // A person puts something of their own where we have something.
  kHandClears,        // A person takes back all there is.
  kClockBack,         // `value` seconds.
  kClockForward,      // `value` seconds.
  kPause,             // A person stops healing.
  kResume,
  kSilence,  // A person silences the service.
  kUnsilence,
  kReleaseAll,  // A person wants everything back as it was, at once.
};
inline constexpr int kHappeningCount = 22;

struct Event {
  Happening happening = Happening::kBreak;
  int service = 0;  // Of kServices.
  int value = 0;
  Duration then{0};  // What passes before the next one.
};
using History = std::vector<Event>;

// "prometheus" is protected, the name of the last one may be put into no command.
inline const std::vector<std::string> kServices = {"orders", "payments", "auth", "prometheus",
                                                   "hostile;"};

// Which alert it is about, with kAlert and kResolve.
const std::string& ScenarioOf(const Event& event);

// The same seed gives the same history. `only`: of these happenings; none: of all.
History RandomHistory(unsigned seed, size_t events, const std::vector<Happening>& only = {});

// One line an event, for people.
std::string ToString(const History& history);

// Which actions were taken on which services when they are told these alerts (kAlert, kResolve) of
// these troubles (kBreak) at once: all in one delivery with order 0, else in an order, grouping and
// number of copies that follow from it.
std::set<std::pair<std::string, std::string>> ActionsOf(const History& history, unsigned order);

// What is wrong with a history; nothing where all is well.
using Check = std::function<std::optional<std::string>(const History&)>;

// The history without what is not needed for `check` to find something wrong: no event can be left
// out of it, nor its wait. By delta debugging (Zeller and Hildebrandt 2002), then waits.
History Shrink(History history, const Check& check);

}  // namespace promheal::healing::samples
