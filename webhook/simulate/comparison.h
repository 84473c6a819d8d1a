#pragma once

#include <optional>
#include <string>
#include <vector>

#include "webhook/simulate/simulation.h"

namespace promheal::healing {

struct SimulatedPolicy {
  std::string name;  // The file's name.
  SimulationResult result;
};

// The decisions of all policies about a target at one time. A policy that decided nothing then
// keeps its previous decision.
struct ComparedDecision {
  Time time;
  std::string target;
  std::string scenario;
  std::vector<std::string> standing;  // By policy: "heal restart (first_rung)", or "-".
  bool differ = false;                // In the decision or in the action.
  std::string text;                   // The reasons of the new decisions.
};

// One or two policies over the same recording.
std::vector<ComparedDecision> Compare(const std::vector<SimulatedPolicy>& policies);

struct ComparisonNotes {
  size_t deliveries = 0;
  size_t unanswered = 0;  // Questions to Prometheus.
};

// A table for people, and JSON for programs.
std::string ComparisonText(const std::vector<SimulatedPolicy>& policies,
                           const ComparisonNotes& notes);
std::string ComparisonJson(const std::vector<SimulatedPolicy>& policies,
                           const ComparisonNotes& notes);

}  // namespace promheal::healing
