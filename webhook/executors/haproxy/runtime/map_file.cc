#include "webhook/executors/haproxy/runtime/map_file.h"

#include "webhook/executors/haproxy/runtime/runtime_answer.h"
#include "webhook/executors/haproxy/runtime/text_fields.h"

namespace promheal::healing {

// 0x7f27bc0465b0 orders fallback
Result<std::vector<MapEntry>> ParseMap(std::string_view answer) {
  const Result<std::string_view> dump = ReadDump(answer, "0x");
  if (!dump) return tl::make_unexpected(dump.error());
  std::vector<MapEntry> entries;
  for (const std::string_view line : SplitLines(*dump)) {
    if (line.empty()) continue;
    const std::vector<std::string_view> words = SplitWords(line);
    if (words.size() < 2) return Fail(ErrorCode::kDataLoss, "a line of the map is not an entry");
    // A value may hold spaces, or be empty.
    const auto end_of_key = static_cast<size_t>(words[1].data() + words[1].size() - line.data());
    const std::string_view value =
        words.size() < 3 ? std::string_view() : line.substr(line.find(words[2], end_of_key));
    entries.push_back({std::string(words[1]), std::string(value)});
  }
  return entries;
}

Result<std::vector<std::string>> ParseBackends(std::string_view answer) {
  const Result<std::string_view> dump = ReadDump(answer, "# name");
  if (!dump) return tl::make_unexpected(dump.error());
  std::vector<std::string> names;
  for (const std::string_view line : SplitLines(*dump)) {
    if (!line.empty() && !line.starts_with('#')) names.emplace_back(line);
  }
  return names;
}

}  // namespace promheal::healing
