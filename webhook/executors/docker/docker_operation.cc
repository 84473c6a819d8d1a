#include "webhook/executors/docker/docker_operation.h"

namespace promheal::healing {
namespace {

constexpr std::string_view kNeedsLabel = "a container with the opt-in label";

const std::vector<DockerOperationInfo> kOperations = {
    {.operation = DockerOperation::kUnpause,
     .name = "unpause",
     .stays = false,
     .changes = "a paused container goes on",
     .repeated = "nothing",
     .undo = "none; `pause` is an action of its own",
     .needs = kNeedsLabel},
    {.operation = DockerOperation::kStart,
     .name = "start",
     .stays = false,
     .changes = "a container that does not run is started",
     .repeated = "nothing",
     .undo = "none; `stop` is an action of its own",
     .needs = kNeedsLabel},
    {.operation = DockerOperation::kScaleOut,
     .name = "scale_out",
     .stays = true,
     .changes =
         "one more container like one that runs, on the same networks; then, with `gateway`, "
         "a server of HAProxy",
     .repeated = "nothing for the same intent; a new one adds another, up to `most`",
     .undo = "the server is taken out, the container stopped and removed",
     .needs = "a running container with the opt-in label, and `POST /containers/create` allowed"},
    {.operation = DockerOperation::kLimit,
     .name = "limit",
     .stays = true,
     .changes = "a container gets so many CPUs, so much memory at most",
     .repeated = "nothing",
     .undo = "the limits it had",
     .needs = "a container with the opt-in label; for memory one that has a limit already, since "
              "Docker cannot take the first one back"},
    {.operation = DockerOperation::kRestart,
     .name = "restart",
     .stays = false,
     .changes = "containers that do not run or are unhealthy, or else the only one, are restarted",
     .repeated = "restarts again",
     .undo = "none",
     .needs = kNeedsLabel},
    {.operation = DockerOperation::kScaleIn,
     .name = "scale_in",
     .stays = false,
     .changes =
         "the newest container that scale_out has made is taken out of the gateway and removed",
     .repeated = "removes the next",
     .undo = "none; `scale_out` is an action of its own",
     .needs = "a container that scale_out has made",
     .not_undone = "the container that it removes comes back only by a scale_out"},
    {.operation = DockerOperation::kPause,
     .name = "pause",
     .stays = true,
     .changes = "all processes of a container are frozen",
     .repeated = "nothing",
     .undo = "they go on",
     .needs = "a running container with the opt-in label, and `min_running` others"},
    {.operation = DockerOperation::kStop,
     .name = "stop",
     .stays = true,
     .changes = "a container is stopped",
     .repeated = "nothing",
     .undo = "it is started",
     .needs = "a running container with the opt-in label, and `min_running` others"},
};

}  // namespace

const std::vector<DockerOperationInfo>& DockerOperations() { return kOperations; }

const DockerOperationInfo& InfoOf(DockerOperation operation) {
  return RowOf(kOperations, operation);
}

std::string DockerReference() { return ReferenceOf(kOperations); }

}  // namespace promheal::healing
