#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/label_template.h"
#include "common/base/labels.h"
#include "common/base/result.h"
#include "common/base/time.h"
#include "webhook/executors/docker/docker_operation.h"
#include "webhook/executors/engine/engine_options.h"

namespace promheal {
class YamlMap;
}

namespace promheal::healing {

// The HAProxies that a new container is made known to.
struct GatewayRegistration {
  std::vector<std::string> sockets;  // Empty: none.
  LabelTemplate backend{"{service}"};
  int port = 0;         // That the container listens on.
  std::string network;  // Whose address HAProxy is told; empty: the first.
};

// One configured action on the containers of one engine.
struct DockerOptions : EngineOptions {
  DockerOperation operation = DockerOperation::kRestart;
  // Which containers: values have places for the labels of the alert.
  std::vector<std::pair<std::string, LabelTemplate>> labels;
  int at_most = 1;      // So many containers at a time; where more match, the broken ones.
  int min_running = 1;  // stop, pause: so many others that match go on running.
  Duration stop_grace = std::chrono::seconds(10);  // Between SIGTERM and SIGKILL.
  std::optional<int64_t> nano_cpus;                // limit.
  std::optional<int64_t> memory_bytes;             // limit.
  int most = 3;                 // scale_out: so many containers that match, in all.
  bool keeps_aliases = true;    // scale_out: the copy answers to the origin's names.
  GatewayRegistration gateway;  // scale_out, scale_in.
};

// Reads the block below `docker:` of an action; what is wrong becomes errors of the document.
//   docker:
//     operation: restart
//     labels: {com.docker.compose.service: "{service}"}
DockerOptions ReadDockerOptions(YamlMap& map);

// The labels that a container must have, the opt-in first. kInvalidArgument for a label of the
// alert that is missing, or whose value is not text.
Result<LabelSelection> Select(const DockerOptions& options, const Labels& labels);

// "restart containers with com.docker.compose.service={service}".
std::string ToString(const DockerOptions& options);

}  // namespace promheal::healing
