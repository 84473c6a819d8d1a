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
  std::string reason;  // Of the decision; of the end its outcome.
  std::string action;  // "" where none was reached.
  std::string text;
};

struct SimulationResult {
  std::vector<SimulatedEvent> events;      // In order of time.
  std::map<std::string, size_t> actions;   // Taken, by kind.
  std::map<std::string, size_t> withheld;  // Only shown or recommended, by kind; once an incident.
  std::map<std::string, size_t> outcomes;  // Of incidents, by name; those still open as "open".
};

// Makes a configuration one to simulate with: none of its executors does anything. With `as_auto`
// every policy acts, also one in shadow or recommend mode.
void PrepareForSimulation(HealingConfig& config, bool as_auto);

// Runs the healer over what was delivered, on a clock of its own, with an empty ledger in memory,
// until `after` the last delivery. Actions are done at once and change nothing: the recorded course
// stands, and data are asked from `prometheus` as of the simulated time.
SimulationResult Simulate(ConfigSnapshot config, const std::vector<RecordedDelivery>& deliveries,
                          PrometheusApi& prometheus, Duration after);

}  // namespace promheal::healing
