#include "webhook/executors/swarm/swarm_operation.h"

namespace promheal::healing {
namespace {

constexpr std::string_view kAsBefore =
    "the previous number, unless another writer changed it meanwhile";
constexpr std::string_view kNeedsReplicated =
    "a replicated service with the opt-in label, and `POST /services/ID/update` allowed";

const std::vector<SwarmOperationInfo> kOperations = {
    {.operation = SwarmOperation::kScaleOut,
     .name = "scale_out",
     .stays = true,
     .changes = "the service gets one more replica",
     .repeated = "nothing for the same intent; a new intent adds another, up to `most`",
     .undo = kAsBefore,
     .needs = kNeedsReplicated},
    {.operation = SwarmOperation::kRestart,
     .name = "restart",
     .stays = false,
     .changes = "all tasks of the service are replaced, as its `update_config` says",
     .repeated = "nothing for the same intent; a new intent restarts again",
     .undo = "none",
     .needs = "a replicated or global service with the opt-in label, and `POST "
              "/services/ID/update` allowed"},
    {.operation = SwarmOperation::kScaleIn,
     .name = "scale_in",
     .stays = true,
     .changes = "the service loses one replica; the Swarm chooses the task that ends",
     .repeated = "nothing for the same intent; a new intent removes another, down to `least`",
     .undo = kAsBefore,
     .needs = kNeedsReplicated},
};

}  // namespace

const std::vector<SwarmOperationInfo>& SwarmOperations() { return kOperations; }

const SwarmOperationInfo& InfoOf(SwarmOperation operation) { return RowOf(kOperations, operation); }

std::string SwarmReference() { return ReferenceOf(kOperations); }

}  // namespace promheal::healing
