#pragma once

#include <string>
#include <vector>

#include "webhook/executors/operation_table.h"

namespace promheal::healing {

// An action's effect on a service of a Swarm.
enum class SwarmOperation { kScaleOut, kRestart, kScaleIn };

using SwarmOperationInfo = OperationInfo<SwarmOperation>;
const std::vector<SwarmOperationInfo>& SwarmOperations();
const SwarmOperationInfo& InfoOf(SwarmOperation operation);

// Its table in docs/actions.md.
std::string SwarmReference();

}  // namespace promheal::healing
