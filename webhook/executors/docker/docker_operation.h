#pragma once

#include <string_view>
#include <vector>

namespace promheal::healing {

// What an action of the Docker executor does.
enum class DockerOperation {
  kUnpause,
  kStart,
  kScaleOut,
  kLimit,
  kRestart,
  kScaleIn,
  kPause,
  kStop,
};

struct DockerOperationInfo {
  DockerOperation operation;
  std::string_view name;  // In the configuration.
  bool stays;             // In force until it is taken back: an OverrideExecutor carries it out.
  // For people, and for the reference of actions.
  std::string_view changes;
  std::string_view repeated;  // What doing it again does.
  std::string_view undo;
  std::string_view needs;
  std::string_view not_undone = "";  // See Executor.
};

// All of them, the least disruptive first as a rule; what a ladder tries first is for policies to
// say.
const std::vector<DockerOperationInfo>& DockerOperations();
const DockerOperationInfo& InfoOf(DockerOperation operation);
int DisruptivenessOf(DockerOperation operation);  // Its place among them.

}  // namespace promheal::healing
