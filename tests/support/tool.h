#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace promheal::support {

// Where a real program is: $PROMHEAL_TOOLS/bin, usr/bin and usr/sbin (a directory into which Debian
// packages were unpacked, with wrappers in bin that know where their libraries are), else PATH.
// Nothing where it is nowhere: the test is then skipped with MissingTool(name).
std::optional<std::string> FindTool(std::string_view name);

// "no prometheus: set PROMHEAL_TOOLS to a directory that holds usr/bin/prometheus"
std::string MissingTool(std::string_view name);

}  // namespace promheal::support
