#include "webhook/executors/engine/engine_options.h"

#include "common/io/yaml/yaml_schema.h"
#include "webhook/executors/option_readers.h"

namespace promheal::healing {

void ReadEngineOptions(YamlMap& map, EngineOptions& options) {
  map.Read("socket", &options.socket);
  CheckSocketPath(map, "socket", options.socket);
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

}  // namespace promheal::healing
