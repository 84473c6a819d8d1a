#pragma once

#include <string_view>
#include <vector>

namespace promheal::healing {

// What an action of the Swarm executor does to a service.
enum class SwarmOperation { kScaleOut, kRestart, kScaleIn };

struct SwarmOperationInfo {
  SwarmOperation operation;
  std::string_view name;  // In the configuration.
  bool stays;             // In force until it is taken back: an OverrideExecutor carries it out.
  // For people, and for the reference of actions.
  std::string_view changes;
  std::string_view repeated;  // What doing it again does.
  std::string_view undo;
  std::string_view needs;
};

// All of them, the least disruptive first as a rule.
const std::vector<SwarmOperationInfo>& SwarmOperations();
const SwarmOperationInfo& InfoOf(SwarmOperation operation);
int DisruptivenessOf(SwarmOperation operation);  // Its place among them.

}  // namespace promheal::healing
