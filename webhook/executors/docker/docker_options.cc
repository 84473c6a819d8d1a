#include "webhook/executors/docker/docker_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "common/io/utf8.h"
#include "common/io/yaml/yaml_schema.h"
#include "webhook/executors/option_readers.h"

namespace promheal::healing {
namespace {

// The engine's own limits.
constexpr int64_t kLeastMemoryBytes = int64_t{6} << 20;
constexpr int64_t kMostMemoryMebibytes = int64_t{1} << 24;
constexpr double kLeastCpus = 0.01;
constexpr double kNanoCpus = 1e9;

void ReadSelection(YamlMap& map, DockerOptions& options) {
  std::vector<std::pair<std::string, std::string>> labels;
  map.Read("labels", &labels);
  bool has_place = false;
  for (const auto& [name, value] : labels) {
    options.labels.emplace_back(name, LabelTemplate(value));
    has_place = has_place || !options.labels.back().second.names().empty();
    if (name.empty() || name.find('=') != std::string::npos) {
      map.AddError(map.MarkOf("labels"),
                   "labels: the name of a label must not be empty or hold '='");
    }
  }
  if (!has_place) {
    map.AddError(map.MarkOf("labels"),
                 "labels: expected labels that select the target's containers, such as "
                 "{com.docker.compose.service: \"{service}\"}");
  }
}

void ReadLimits(YamlMap& map, DockerOptions& options) {
  double cpus = 0.0;
  if (map.Read("cpus", &cpus, {.min = kLeastCpus, .max = 1024.0})) {
    options.nano_cpus = std::llround(cpus * kNanoCpus);
  }
  int64_t mebibytes = 0;
  if (map.Read("memory_mebibytes", &mebibytes,
               {.min = kLeastMemoryBytes >> 20, .max = kMostMemoryMebibytes})) {
    options.memory_bytes = mebibytes << 20;
  }
  if (!map.Has("cpus") && !map.Has("memory_mebibytes")) {
    map.AddError(map.mark(), "limit: expected cpus, memory_mebibytes or both");
  }
}

void ReadGateway(YamlMap& map, DockerOptions& options) {
  map.ReadMap("gateway", [&](YamlMap& below) {
    GatewayRegistration& gateway = options.gateway;
    below.Read("sockets", &gateway.sockets);
    if (gateway.sockets.empty()) {
      below.AddError(below.MarkOf("sockets"), "sockets: expected paths of HAProxy admin sockets");
    }
    for (const std::string& socket : gateway.sockets) CheckSocketPath(below, "sockets", socket);
    std::string backend;
    if (below.Read("backend", &backend)) gateway.backend = LabelTemplate(backend);
    const bool needs_port = options.operation == DockerOperation::kScaleOut;
    if (needs_port) below.Read("network", &gateway.network);
    if (needs_port) below.Read("port", &gateway.port, {.min = 1, .max = 65535, .required = true});
  });
}

// Reads only keys that this operation uses: Finish reports all others as unknown.
void ReadOperationsOwn(YamlMap& map, DockerOptions& options) {
  const DockerOperation operation = options.operation;
  const bool stops = operation == DockerOperation::kStop;
  const bool scales =
      operation == DockerOperation::kScaleOut || operation == DockerOperation::kScaleIn;
  if (!scales) map.Read("at_most", &options.at_most, {.min = 1, .max = 100});
  if (stops || operation == DockerOperation::kPause) {
    map.Read("min_running", &options.min_running, {.min = 0, .max = 1000});
  }
  if (stops || scales || operation == DockerOperation::kRestart) {
    map.Read("stop_grace", &options.stop_grace,
             {.min = Duration(0), .max = std::chrono::minutes(10)});
  }
  if (operation == DockerOperation::kLimit) ReadLimits(map, options);
  if (operation == DockerOperation::kScaleOut) {
    map.Read("most", &options.most, {.min = 2, .max = 100});
    map.Read("keep_aliases", &options.keeps_aliases);
  }
  if (scales) ReadGateway(map, options);
}

}  // namespace

DockerOptions ReadDockerOptions(YamlMap& map) {
  DockerOptions options;
  ReadEngineOptions(map, options);
  ReadSelection(map, options);
  if (ReadOperation(map, DockerOperations(), options.operation)) {
    ReadOperationsOwn(map, options);
  } else {
    // Unknown operation: accept the keys of any operation, but still report bad values.
    DockerOptions any;
    any.operation = DockerOperation::kStop;
    ReadOperationsOwn(map, any);
    for (const std::string& key : map.Keys()) map.Has(key);
  }
  return options;
}

Result<LabelSelection> Select(const DockerOptions& options, const Labels& labels) {
  const auto as_data = [](std::string_view name, std::string_view value) -> Result<std::string> {
    if (FindInvalidUtf8(value) == std::string_view::npos &&
        value.find('\0') == std::string_view::npos)
      return std::string(value);
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("the value of label '{}' is not text", name));
  };
  LabelSelection selection = {options.enable_label};
  for (const auto& [name, pattern] : options.labels) {
    Result<std::string> value = pattern.Render(labels, as_data);
    if (!value) return tl::make_unexpected(value.error());
    selection.emplace_back(name, std::move(*value));
  }
  return selection;
}

std::string ToString(const DockerOptions& options) {
  std::string text(InfoOf(options.operation).name);
  if (options.nano_cpus)
    text += fmt::format(" to {:g} CPUs", static_cast<double>(*options.nano_cpus) / kNanoCpus);
  if (options.memory_bytes) text += fmt::format(" to {} MiB", *options.memory_bytes >> 20);
  text += " containers with";
  for (const auto& [name, value] : options.labels)
    text += fmt::format(" {}={}", name, value.text());
  return text;
}

}  // namespace promheal::healing
