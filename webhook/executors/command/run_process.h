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
  std::vector<std::pair<std::string, std::string>> environment;  // All that it gets.
  Duration deadline = std::chrono::seconds(30);
  size_t max_output_bytes = 8192;  // What comes after it is read and thrown away.
};

struct ProcessResult {
  bool timed_out = false;
  int exit_status = -1;  // -1 where a signal ended it.
  int signal = 0;
  std::string output;  // Standard output and error, as they came.
};

// Runs a program in a process group of its own, without a shell, with no input and none of our
// files or signal settings. After the deadline the whole group is killed. A program that leaves a
// daemon behind ends when it ends itself; the daemon is not waited for. Errors: kNotFound,
// kPermissionDenied or kUnavailable where it cannot be started: then nothing ran. Thread safety:
// any thread.
Result<ProcessResult> RunProcess(const ProcessOptions& options, const Clock& clock);

}  // namespace promheal::healing
