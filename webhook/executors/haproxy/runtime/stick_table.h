#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/base/time.h"

namespace promheal::healing {

struct StickTableEntry {
  std::string key;
  // Time until it is gone; nullopt: never, because its table has no `expire`.
  std::optional<Duration> expires_in;
  std::map<std::string, uint64_t, std::less<>> data;  // {"gpt0": 40}

  // 0 if the entry has no such data, as in HAProxy.
  uint64_t Get(std::string_view name) const;
};

// The answer to `show table NAME` or `show table NAME key KEY`; empty for a key without an entry.
// kPermissionDenied if the socket's level hides the entries.
Result<std::vector<StickTableEntry>> ParseStickTable(std::string_view answer);

}  // namespace promheal::healing
