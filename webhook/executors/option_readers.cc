#include "webhook/executors/option_readers.h"

#include <fmt/core.h>

#include "common/io/socket_path.h"
#include "common/io/yaml/yaml_schema.h"

namespace promheal::healing {

void CheckSocketPath(YamlMap& map, std::string_view key, const std::string& path) {
  if (IsSocketPath(path) && path.starts_with('/')) return;
  map.AddError(map.MarkOf(key),
               fmt::format("{}: expected an absolute path of at most 107 characters", key));
}

}  // namespace promheal::healing
