#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace promheal::support {

// The path of a real program, searched in bin, usr/bin and usr/sbin of $PROMHEAL_TOOLS (a directory
// with unpacked Debian packages; the wrappers in bin set library paths), then in PATH. nullopt if
// it is missing: the test must then be skipped with MissingTool(name).
std::optional<std::string> FindTool(std::string_view name);

// "no prometheus: set PROMHEAL_TOOLS to a directory that holds usr/bin/prometheus"
std::string MissingTool(std::string_view name);

}  // namespace promheal::support
