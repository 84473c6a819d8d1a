#include "webhook/executors/haproxy/runtime/stick_table.h"

#include <fmt/core.h>

#include <algorithm>

#include "webhook/executors/haproxy/runtime/runtime_answer.h"
#include "webhook/executors/haproxy/runtime/text_fields.h"

namespace promheal::healing {
namespace {

// Reads a field with a number: `exp=14000`, `gpt0=40`, `conn_rate(30000)=1`, `shard=0`.
bool ReadField(std::string_view word, StickTableEntry& entry) {
  const size_t equals = word.find('=');
  if (equals == std::string_view::npos) return false;
  const std::string_view name = word.substr(0, std::min(equals, word.find('(')));
  const auto number = ParseNumber<uint64_t>(word.substr(equals + 1));
  if (!number) return true;  // A field without a number, such as a server's name, is not needed.
  if (name == "exp") {
    constexpr uint64_t kYear = 31'557'600'000;
    if (*number > 0) entry.expires_in = Duration(std::min(*number, kYear));
  } else {
    entry.data.emplace(name, *number);
  }
  return true;
}

// 0x55ac704da688: key=orders use=0 exp=15000 gpt0=40
std::optional<StickTableEntry> ReadEntry(std::string_view line) {
  constexpr std::string_view kKey = ": key=";
  const size_t start = line.find(kKey);
  // A key may hold anything, even spaces. The last " use=" ends it: later fields cannot hold it.
  const size_t end = line.rfind(" use=");
  if (start == std::string_view::npos || end == std::string_view::npos ||
      end < start + kKey.size()) {
    return std::nullopt;
  }
  StickTableEntry entry;
  entry.key = line.substr(start + kKey.size(), end - start - kKey.size());
  for (const std::string_view word : SplitWords(line.substr(end))) {
    if (!ReadField(word, entry)) return std::nullopt;
  }
  return entry;
}

}  // namespace

uint64_t StickTableEntry::Get(std::string_view name) const {
  const auto found = data.find(name);
  return found == data.end() ? 0 : found->second;
}

Result<std::vector<StickTableEntry>> ParseStickTable(std::string_view answer) {
  const Result<std::string_view> dump = ReadDump(answer, "# table: ");
  if (!dump) return tl::make_unexpected(dump.error());
  std::vector<StickTableEntry> entries;
  for (const std::string_view line : SplitLines(*dump)) {
    if (line.starts_with("# contents not dumped")) {
      return Fail(ErrorCode::kPermissionDenied,
                  "the socket does not show the entries: its level must be admin");
    }
    if (line.empty() || line.starts_with('#')) continue;
    std::optional<StickTableEntry> entry = ReadEntry(line);
    if (!entry) return Fail(ErrorCode::kDataLoss, "a line of the table is not an entry");
    entries.push_back(std::move(*entry));
  }
  return entries;
}

}  // namespace promheal::healing
