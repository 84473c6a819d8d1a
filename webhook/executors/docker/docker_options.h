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

// The HAProxies that get a new container as a server.
struct GatewayRegistration {
  std::vector<std::string> sockets;  // Empty: none.
  LabelTemplate backend{"{service}"};
  int port = 0;         // The port that the container listens on.
  std::string network;  // HAProxy gets the container's address on it; empty: the first.
};

// One configured action on the containers of one engine.
struct DockerOptions : EngineOptions {
  DockerOperation operation = DockerOperation::kRestart;
  // The labels of the containers; values have places for labels of the alert.
  std::vector<std::pair<std::string, LabelTemplate>> labels;
  int at_most = 1;      // Most containers at a time; if more match, the broken ones.
  int min_running = 1;  // stop, pause: at least as many others that match go on running.
  Duration stop_grace = std::chrono::seconds(10);  // Between SIGTERM and SIGKILL.
  std::optional<int64_t> nano_cpus;                // limit.
  std::optional<int64_t> memory_bytes;             // limit.
  int most = 3;                                    // scale_out: most containers that match, in all.
  bool keeps_aliases = true;    // scale_out: the copy answers to the origin's names.
  GatewayRegistration gateway;  // scale_out, scale_in.
};

// Reads the block below `docker:` of an action; mistakes become errors of the document.
//   docker:
//     operation: restart
//     labels: {com.docker.compose.service: "{service}"}
DockerOptions ReadDockerOptions(YamlMap& map);

// The labels that a container must have, the opt-in first. kInvalidArgument if a label of the alert
// is missing, or its value is not text.
Result<LabelSelection> Select(const DockerOptions& options, const Labels& labels);

// "restart containers with com.docker.compose.service={service}".
std::string ToString(const DockerOptions& options);

}  // namespace promheal::healing
