#pragma once

#include <sys/types.h>

#include <string>
#include <utility>
#include <vector>

#include "common/base/result.h"
#include "common/base/time.h"

namespace promheal::healing {

struct SpawnOptions {
  std::vector<std::string> arguments;  // The first is the program; see FindProgram.
  std::vector<std::pair<std::string, std::string>> environment;  // Its whole environment.
  Duration end_after{0};  // The kernel ends it then, even if this program is gone. 0: never.
};

// Starts a program in its own process group, with default signals, nothing blocked, no input, its
// standard output and error going to the descriptor `output`, and no other open file. The caller
// must wait for it. Errors: kNotFound, kPermissionDenied or kUnavailable; then nothing ran. Thread
// safety: any thread.
Result<pid_t> Spawn(const SpawnOptions& options, int output);

// A name without a slash is looked up in the PATH of `environment`.
Result<std::string> FindProgram(
    const std::string& name, const std::vector<std::pair<std::string, std::string>>& environment);

}  // namespace promheal::healing
