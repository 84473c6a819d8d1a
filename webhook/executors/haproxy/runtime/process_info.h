#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/base/time.h"

namespace promheal::healing {

// Of `show info`: which process answers, and since when.
struct ProcessInfo {
  std::string version;  // "2.6.12-1+deb12u4"
  int64_t pid = 0;
  Time started;

  // Another for every process: a reload starts one, and what was set at run time stays behind.
  // "pid 71 since 2026-11-21T22:15:34Z". (In containers the pid alone may come back.)
  std::string Run() const;
};

Result<ProcessInfo> ParseProcessInfo(std::string_view answer);

}  // namespace promheal::healing
