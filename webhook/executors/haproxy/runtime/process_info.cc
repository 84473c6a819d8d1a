#include "webhook/executors/haproxy/runtime/process_info.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>

#include "webhook/executors/haproxy/runtime/runtime_answer.h"
#include "webhook/executors/haproxy/runtime/text_fields.h"

namespace promheal::healing {

std::string ProcessInfo::Run() const {
  return fmt::format("pid {} since {}", pid, FormatRfc3339(started));
}

Result<ProcessInfo> ParseProcessInfo(std::string_view answer) {
  const Result<std::string_view> dump = ReadDump(answer, "Name: ");
  if (!dump) return tl::make_unexpected(dump.error());
  ProcessInfo info;
  std::optional<int64_t> pid;
  std::optional<int64_t> started;
  for (const std::string_view line : SplitLines(*dump)) {
    const size_t colon = line.find(": ");
    if (colon == std::string_view::npos) continue;
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = line.substr(colon + 2);
    if (name == "Version") info.version = value;
    if (name == "Pid") pid = ParseNumber<int64_t>(value);
    if (name == "Start_time_sec") started = ParseNumber<int64_t>(value);
  }
  constexpr int64_t kYear3000 = 32'503'680'000;
  if (!pid || !started || *started < 0 || *started > kYear3000) {
    return Fail(ErrorCode::kDataLoss, "HAProxy's answer lacks its process or its start");
  }
  info.pid = *pid;
  info.started = Time(std::chrono::seconds(*started));
  return info;
}

}  // namespace promheal::healing
