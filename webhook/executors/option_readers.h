#pragma once

#include <string>
#include <string_view>

namespace promheal {
class YamlMap;
}

namespace promheal::healing {

// Adds an error to the document unless `path` is the absolute path of a Unix socket.
void CheckSocketPath(YamlMap& map, std::string_view key, const std::string& path);

}  // namespace promheal::healing
