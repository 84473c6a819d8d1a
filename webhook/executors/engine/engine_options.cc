#include "webhook/executors/engine/engine_options.h"

#include <fmt/core.h>

#include "common/io/yaml/yaml_schema.h"
#include "webhook/executors/haproxy/runtime/runtime_client.h"

namespace promheal::healing {

void ReadEngineOptions(YamlMap& map, EngineOptions& options) {
  map.Read("socket", &options.socket);
  CheckSocket(map, "socket", options.socket);
  std::string enable;
  if (map.Read("enable_label", &enable)) {
    const size_t equals = enable.find('=');
    if (equals == 0 || equals == std::string::npos || equals + 1 == enable.size()) {
      map.AddError(map.MarkOf("enable_label"),
                   "enable_label: expected a name and a value, such as promheal.enable=true");
    } else {
      options.enable_label = {enable.substr(0, equals), enable.substr(equals + 1)};
    }
  }
  map.Read("timeout", &options.timeout, {.min = Duration(50), .max = std::chrono::minutes(1)});
}

void CheckSocket(YamlMap& map, std::string_view key, const std::string& path) {
  if (IsSocketPath(path) && path.starts_with('/')) return;
  map.AddError(map.MarkOf(key),
               fmt::format("{}: expected an absolute path of at most 107 characters", key));
}

}  // namespace promheal::healing
