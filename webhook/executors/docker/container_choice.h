#pragma once

#include <string>
#include <vector>

#include "common/base/result.h"
#include "webhook/executors/docker/docker_options.h"
#include "webhook/executors/engine/container.h"

namespace promheal::healing {

// Chooses among the containers that match an action. Pure.

// restart: the broken ones if there are several, else the only one. start: those that do not run.
// unpause: those that are paused. stop, pause: running ones, unhealthy ones first, if `min_running`
// others go on. limit: those that run. Never more than `at_most`. kNotFound if none matches,
// kFailedPrecondition if none fits, or too many.
Result<std::vector<Container>> ChooseContainers(const DockerOptions& options,
                                                std::vector<Container> matching);

// The container that scale_out copies, and the name and number of the copy.
struct CopyPlan {
  Container origin;
  std::string name;  // "shop_orders_2" for the origin shop_orders_1.
  int number = 0;
};
// kFailedPrecondition if no unbroken container runs, or there are `most` already.
Result<CopyPlan> PlanCopy(const DockerOptions& options, const std::vector<Container>& matching);

// The newest container that scale_out has made; kFailedPrecondition if there is none.
Result<Container> ChooseSurplus(const std::vector<Container>& matching);

// The label of containers that scale_out has made; its value is the id of the intent.
inline constexpr std::string_view kMadeByLabel = "promheal.made_by";

}  // namespace promheal::healing
