#pragma once

#include <string>
#include <string_view>

#include "common/base/label_template.h"
#include "common/base/labels.h"
#include "common/base/result.h"
#include "webhook/executors/engine/engine_options.h"
#include "webhook/executors/swarm/swarm_operation.h"

namespace promheal::healing {

// One configured action on a service of a Swarm. The engine is one of its managers.
struct SwarmOptions : EngineOptions {
  SwarmOperation operation = SwarmOperation::kRestart;
  LabelTemplate service;  // Its name, with places for the labels of the alert.
  int most = 3;           // scale_out: most replicas in all.
  int least = 1;          // scale_in: fewest replicas that stay.
};

// Reads the block below `swarm:` of an action; mistakes become errors of the document.
//   swarm:
//     operation: scale_out
//     service: "shop_{service}"
SwarmOptions ReadSwarmOptions(YamlMap& map);

// The name of the service for these labels. kInvalidArgument if a label is missing, or the result
// is no name of a service.
Result<std::string> ServiceName(const SwarmOptions& options, const Labels& labels);

// Allows letters, digits, '_', '.' and '-', the first a letter or digit: such a name cannot change
// the path of a request.
Status CheckServiceName(std::string_view name);

// "scale_out service shop_{service}".
std::string ToString(const SwarmOptions& options);

}  // namespace promheal::healing
