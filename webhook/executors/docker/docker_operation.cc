#include "webhook/executors/docker/docker_operation.h"

namespace promheal::healing {
namespace {

constexpr std::string_view kNeedsLabel = "a container with the opt-in label";

const std::vector<DockerOperationInfo> kOperations = {
    {.operation = DockerOperation::kUnpause,
     .name = "unpause",
     .stays = false,
     .changes = "a paused container runs again",
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
     .changes = "a copy of a running container is started on the same networks; with `gateway` it "
                "also becomes a server in HAProxy",
     .repeated = "nothing for the same intent; a new intent adds another, up to `most`",
     .undo = "the server is deleted, and the container is stopped and removed",
     .needs = "a running container with the opt-in label, and `POST /containers/create` allowed"},
    {.operation = DockerOperation::kLimit,
     .name = "limit",
     .stays = true,
     .changes = "a container gets at most `cpus` CPUs and `memory_mebibytes` of memory",
     .repeated = "nothing",
     .undo = "the previous limits",
     .needs = "a container with the opt-in label; for memory it must have a limit already, because "
              "Docker cannot remove a first one again"},
    {.operation = DockerOperation::kRestart,
     .name = "restart",
     .stays = false,
     .changes = "containers that do not run or are unhealthy are restarted, or else the only one",
     .repeated = "restarts again",
     .undo = "none",
     .needs = kNeedsLabel},
    {.operation = DockerOperation::kScaleIn,
     .name = "scale_in",
     .stays = false,
     .changes = "the newest container from scale_out leaves the gateway and is removed",
     .repeated = "removes the next",
     .undo = "none; `scale_out` is an action of its own",
     .needs = "a container that scale_out made",
     .not_undone = "the removed container comes back only by a scale_out"},
    {.operation = DockerOperation::kPause,
     .name = "pause",
     .stays = true,
     .changes = "all processes of a container are frozen",
     .repeated = "nothing",
     .undo = "they run again",
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
