#pragma once

#include <string>
#include <vector>

#include "common/base/result.h"
#include "webhook/executors/docker/docker_options.h"
#include "webhook/executors/engine/container.h"

namespace promheal::healing {

// Which of the containers that match an action takes. Pure.

// restart: the broken ones where there are several, else the only one. start: those that do not
// run. unpause: those that are paused. stop, pause: a running one, unhealthy ones first, where
// `min_running` others go on. limit: those that run. Never more than `at_most`. kNotFound where
// none matches, kFailedPrecondition where there is nothing to choose, or too much.
Result<std::vector<Container>> ChooseContainers(const DockerOptions& options,
                                                std::vector<Container> matching);

// What scale_out makes a copy of, and under which name and number.
struct CopyPlan {
  Container origin;
  std::string name;  // "shop_orders_2", where the origin is shop_orders_1.
  int number = 0;
};
// kFailedPrecondition where none runs that is not broken, or there are `most` already.
Result<CopyPlan> PlanCopy(const DockerOptions& options, const std::vector<Container>& matching);

// The newest that scale_out has made; kFailedPrecondition where there is none.
Result<Container> ChooseSurplus(const std::vector<Container>& matching);

// The label that tells what scale_out has made; its value is the id of the intent.
inline constexpr std::string_view kMadeByLabel = "promheal.made_by";

}  // namespace promheal::healing
