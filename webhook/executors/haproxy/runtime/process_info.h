#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/base/time.h"

namespace promheal::healing {

// From `show info`: the process that answers, and its start.
struct ProcessInfo {
  std::string version;  // "2.6.12-1+deb12u4"
  int64_t pid = 0;
  Time started;

  // Unique for each process. A reload starts a new process without the settings made at run time.
  // "pid 71 since 2026-11-21T22:15:34Z": in containers the pid alone may repeat.
  std::string Run() const;
};

Result<ProcessInfo> ParseProcessInfo(std::string_view answer);

}  // namespace promheal::healing
