#include "tests/support/promtool.h"

#include <fmt/format.h>

#include "tests/support/child_process.h"
#include "tests/support/temp_directory.h"
#include "tests/support/tool.h"

namespace promheal::support {

std::optional<std::string> CheckMetrics(const std::string& text) {
  const std::optional<std::string> promtool = FindTool("promtool");
  if (!promtool) return std::nullopt;
  const TempDirectory directory;
  const std::string input = directory.Write("metrics.txt", text);
  ChildProcess check(
      {.argv = {"sh", "-c", "exec \"$0\" check metrics < \"$1\"", *promtool, input}});
  const std::optional<int> status = check.Wait(std::chrono::seconds(30));
  if (status == 0) return check.Output();
  return fmt::format("exit status {}: {}", status.value_or(-1), check.Output());
}

}  // namespace promheal::support
