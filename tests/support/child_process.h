#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/time.h"

namespace promheal::support {

struct ChildProcessOptions {
  std::vector<std::string> argv;  // argv[0] without a slash is searched in PATH.
  std::vector<std::pair<std::string, std::string>> environment;  // Added to that of the test.
  std::string working_directory;                                 // Empty: that of the test.
};

// A program that runs beside the test; keeps its standard output and error. It ends with this
// object, and with the test program even if that crashes. Not thread-safe. The thread that starts
// it must live as long as it does.
class ChildProcess {
 public:
  // Throws if no process can be started. A program that does not exist exits with status 127.
  explicit ChildProcess(ChildProcessOptions options);
  ~ChildProcess();  // Calls Kill().
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t pid() const { return pid_; }
  bool Running();
  void Signal(int number) const;  // Does nothing once it has ended.

  // Stops it like a hang, and returns once none of its threads runs. Returns false if it has ended.
  bool Pause();
  void Resume();

  // Its exit status, or 128 + the signal that ended it; nullopt if it still runs after `timeout`.
  std::optional<int> Wait(Duration timeout);
  // Sends SIGTERM, then SIGKILL if it still runs after `timeout`.
  std::optional<int> Terminate(Duration timeout = std::chrono::seconds(10));
  void Kill();  // Sends SIGKILL: like a crash.

  // Its standard output and standard error so far.
  std::string Output() const;

 private:
  pid_t pid_ = -1;
  int output_fd_ = -1;  // A file without a name.
  std::optional<int> exit_status_;
};

// The exit status of a program, and its output.
struct Finished {
  int status = -1;  // -1 if it had not ended in time.
  std::string output;
};
Finished RunToEnd(std::vector<std::string> argv, Duration timeout = std::chrono::seconds(20));

}  // namespace promheal::support
