#pragma once

#include <optional>
#include <string>
#include <vector>

#include "webhook/simulate/simulation.h"

namespace promheal::healing {

struct SimulatedPolicy {
  std::string name;  // Of its file.
  SimulationResult result;
};

// What was decided about a target at one time, by each policy: its last word until then where it
// said nothing new.
struct ComparedDecision {
  Time time;
  std::string target;
  std::string scenario;
  std::vector<std::string> standing;  // One for each policy: "heal restart (first_rung)", or "-".
  bool differ = false;                // In what is done, or with what.
  std::string text;                   // The reason of what is new; both, where both are.
};

// One or two policies over the same course.
std::vector<ComparedDecision> Compare(const std::vector<SimulatedPolicy>& policies);

struct ComparisonNotes {
  size_t deliveries = 0;
  size_t unanswered = 0;  // Questions to Prometheus.
};

// For people, and for programs.
std::string ComparisonText(const std::vector<SimulatedPolicy>& policies,
                           const ComparisonNotes& notes);
std::string ComparisonJson(const std::vector<SimulatedPolicy>& policies,
                           const ComparisonNotes& notes);

}  // namespace promheal::healing
