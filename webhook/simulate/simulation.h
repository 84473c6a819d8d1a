#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/io/prometheus/prometheus_api.h"
#include "webhook/alerts/recorded_payloads.h"
#include "webhook/config/config.h"
#include "webhook/core/decision.h"

namespace promheal::healing {

// A decision, or the end of an incident.
struct SimulatedEvent {
  Time time;
  std::string target;
  std::string scenario;
  std::string what;    // "heal", "wait", "refuse", or "closed".
  std::string reason;  // The decision's reason, or the outcome if closed.
  std::string action;  // "" if the decision names none.
  std::string text;
};

struct SimulationResult {
  std::vector<SimulatedEvent> events;     // In order of time.
  std::map<std::string, size_t> actions;  // Actions taken, by name.
  std::map<std::string, size_t>
      withheld;  // Actions only shown or recommended, by name; each counts once an incident.
  std::map<std::string, size_t>
      outcomes;  // Outcomes of incidents, by name; "open" for those that are still open.
};

// Replaces every executor of a configuration by a SimulatedExecutor. With `as_auto` every policy
// acts, also one in shadow or recommend mode.
void PrepareForSimulation(HealingConfig& config, bool as_auto);

// Runs the healer over recorded deliveries on a virtual clock, with an empty ledger in memory,
// until `after` the last delivery. Actions succeed at once and change nothing, so the recorded data
// stay as they are; `prometheus` is asked as of the simulated time.
SimulationResult Simulate(ConfigSnapshot config, const std::vector<RecordedDelivery>& deliveries,
                          PrometheusApi& prometheus, Duration after);

}  // namespace promheal::healing
