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
  // Until it is gone. Nothing: it never goes, since its table has no `expire`.
  std::optional<Duration> expires_in;
  std::map<std::string, uint64_t, std::less<>> data;  // {"gpt0": 40}

  // 0 where the entry has no such data, as HAProxy counts.
  uint64_t Get(std::string_view name) const;
};

// The answer to `show table NAME` or `show table NAME key KEY`; for a key without an entry HAProxy
// shows nothing at all. kPermissionDenied where the socket's level hides the entries.
Result<std::vector<StickTableEntry>> ParseStickTable(std::string_view answer);

}  // namespace promheal::healing
