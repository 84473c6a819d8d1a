#pragma once

#include <string>
#include <utility>
#include <vector>

#include "common/base/result.h"
#include "common/base/time.h"
#include "common/io/clock.h"

namespace promheal::healing {

struct ProcessOptions {
  std::vector<std::string> arguments;  // The first is the program, looked up in its own PATH.
  std::vector<std::pair<std::string, std::string>> environment;  // Its whole environment.
  Duration deadline = std::chrono::seconds(30);
  size_t max_output_bytes = 8192;  // The rest is read and thrown away.
};

struct ProcessResult {
  bool timed_out = false;
  int exit_status = -1;  // -1 if a signal ended it.
  int signal = 0;
  std::string output;  // Standard output and error, as they came.
};

// Runs a program in its own process group, without a shell, without input, and without our open
// files or signal settings. After the deadline the whole group is killed. If the program ends and
// leaves a daemon behind, the call does not wait for the daemon. Errors: kNotFound,
// kPermissionDenied or kUnavailable if it cannot be started: then nothing ran. Thread safety: any
// thread.
Result<ProcessResult> RunProcess(const ProcessOptions& options, const Clock& clock);

}  // namespace promheal::healing
