#pragma once

#include <string>
#include <vector>

#include "webhook/executors/operation_table.h"

namespace promheal::healing {

// An action's effect on containers.
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

using DockerOperationInfo = OperationInfo<DockerOperation>;
const std::vector<DockerOperationInfo>& DockerOperations();
const DockerOperationInfo& InfoOf(DockerOperation operation);

// Its table in docs/actions.md.
std::string DockerReference();

}  // namespace promheal::healing
