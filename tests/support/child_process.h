#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/time.h"

namespace promheal::support {

struct ChildProcessOptions {
  std::vector<std::string> argv;  // argv[0] is looked up in PATH where it holds no slash.
  std::vector<std::pair<std::string, std::string>> environment;  // Added to our own.
  std::string working_directory;                                 // Empty: ours.
};

// A program that runs beside the test, its standard output and error kept for messages. It ends
// with this object, and with the test program even where that crashes. Not thread-safe. Start it
// from a thread that lives as long as it does.
class ChildProcess {
 public:
  // Throws where no process can be started; a program that does not exist exits with status 127.
  explicit ChildProcess(ChildProcessOptions options);
  ~ChildProcess();  // Kill().
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t pid() const { return pid_; }
  bool Running();
  void Signal(int number) const;  // Does nothing once it has ended.

  // Stops it where it is, as a hang: returns once none of its threads runs any more. false where it
  // has ended.
  bool Pause();
  void Resume();

  // Exit status, or 128 + the signal that ended it; nothing where it still runs after `timeout`.
  std::optional<int> Wait(Duration timeout);
  // SIGTERM, then SIGKILL where it still runs after `timeout`.
  std::optional<int> Terminate(Duration timeout = std::chrono::seconds(10));
  void Kill();  // SIGKILL, as a crash.

  // All that it wrote so far to standard output and standard error.
  std::string Output() const;

 private:
  pid_t pid_ = -1;
  int output_fd_ = -1;  // A file without a name.
  std::optional<int> exit_status_;
};

// How a program ended, and what it wrote.
struct Finished {
  int status = -1;  // Still -1 where it had not ended in time.
  std::string output;
};
Finished RunToEnd(std::vector<std::string> argv, Duration timeout = std::chrono::seconds(20));

}  // namespace promheal::support
