#include "tests/support/promtool.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <sstream>

#include "tests/support/child_process.h"
#include "tests/support/temp_directory.h"

namespace promheal::support {
namespace {

std::string FindPromtool() {
  std::string directories;
  if (const char* tools = std::getenv("PROMHEAL_TOOLS")) {
    directories = std::string(tools) + "/usr/bin:";
  }
  if (const char* path = std::getenv("PATH")) directories += path;
  std::istringstream list(directories);
  for (std::string directory; std::getline(list, directory, ':');) {
    std::string promtool = directory + "/promtool";
    if (access(promtool.c_str(), X_OK) == 0) return promtool;
  }
  return "";
}

}  // namespace

std::optional<std::string> CheckMetrics(const std::string& text) {
  const std::string promtool = FindPromtool();
  if (promtool.empty()) return std::nullopt;
  const TempDirectory directory;
  const std::string input = directory.Write("metrics.txt", text);
  ChildProcess check({.argv = {"sh", "-c", "exec \"$0\" check metrics < \"$1\"", promtool, input}});
  const std::optional<int> status = check.Wait(std::chrono::seconds(30));
  if (status == 0) return check.Output();
  return fmt::format("exit status {}: {}", status.value_or(-1), check.Output());
}

}  // namespace promheal::support
