#include "tests/support/tool.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <sstream>

namespace promheal::support {

std::optional<std::string> FindTool(std::string_view name) {
  std::string directories;
  if (const char* tools = std::getenv("PROMHEAL_TOOLS")) {
    directories = fmt::format("{0}/bin:{0}/usr/bin:{0}/usr/sbin:", tools);
  }
  if (const char* path = std::getenv("PATH")) directories += path;
  std::istringstream list(directories);
  for (std::string directory; std::getline(list, directory, ':');) {
    std::string program = fmt::format("{}/{}", directory, name);
    if (::access(program.c_str(), X_OK) == 0) return program;
  }
  return std::nullopt;
}

std::string MissingTool(std::string_view name) {
  return fmt::format("no {0}: set PROMHEAL_TOOLS to a directory that holds usr/bin/{0}", name);
}

}  // namespace promheal::support
