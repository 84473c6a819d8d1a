#include "webhook/executors/command/run_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "webhook/executors/command/spawn.h"

// The header of glibc 2.36 lacks extern "C".
extern "C" {
#include <sys/pidfd.h>
}

namespace promheal::healing {
namespace {

// This program kills a late process. If this program is gone, the kernel does it a moment later.
constexpr Duration kKernelGrace = std::chrono::seconds(1);

class FileDescriptor {
 public:
  explicit FileDescriptor(int fd = -1) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&&) = delete;
  ~FileDescriptor() { Close(); }
  int get() const { return fd_; }
  void Close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

 private:
  int fd_;
};

// Appends the output that can be read now; false at its end.
bool ReadSome(int fd, size_t max_bytes, std::string& output) {
  std::array<char, 4096> buffer;
  const ssize_t count = ::read(fd, buffer.data(), buffer.size());
  if (count < 0) return errno == EINTR || errno == EAGAIN;
  if (count == 0) return false;
  const size_t room = max_bytes - std::min(max_bytes, output.size());
  output.append(buffer.data(), std::min(room, static_cast<size_t>(count)));
  return true;
}

// Reads until the process has ended; false if the deadline comes first.
bool ReadUntilExit(const ProcessOptions& options, const Clock& clock, int process,
                   FileDescriptor& pipe, std::string& output) {
  const Duration end = clock.Monotonic() + options.deadline;
  while (true) {
    const Duration left = end - clock.Monotonic();
    if (left <= Duration(0)) return false;
    std::array<pollfd, 2> polled = {{{process, POLLIN, 0}, {pipe.get(), POLLIN, 0}}};
    const int ready = ::poll(polled.data(), polled.size(),
                             static_cast<int>(std::min<int64_t>(left.count(), 60000)));
    if (ready < 0 && errno != EINTR) return false;
    if (ready <= 0) continue;
    if (polled[1].revents != 0 && !ReadSome(pipe.get(), options.max_output_bytes, output)) {
      pipe.Close();
    }
    if ((polled[0].revents & POLLIN) != 0 && (polled[1].revents & POLLIN) == 0) return true;
  }
}

}  // namespace

Result<ProcessResult> RunProcess(const ProcessOptions& options, const Clock& clock) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return Fail(ErrorCode::kUnavailable, std::string("making a pipe: ") + std::strerror(errno));
  }
  FileDescriptor read_end(ends[0]);
  FileDescriptor write_end(ends[1]);
  ::fcntl(read_end.get(), F_SETFL, O_NONBLOCK);
  const Result<pid_t> started = Spawn({.arguments = options.arguments,
                                       .environment = options.environment,
                                       .end_after = options.deadline + kKernelGrace},
                                      write_end.get());
  if (!started) return tl::make_unexpected(started.error());
  const pid_t pid = *started;
  write_end.Close();

  ProcessResult result;
  // Its number cannot belong to another process before we have waited for it.
  const FileDescriptor process(::pidfd_open(pid, 0));
  result.timed_out =
      process.get() < 0 || !ReadUntilExit(options, clock, process.get(), read_end, result.output);
  if (result.timed_out) ::kill(-pid, SIGKILL);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status)) result.exit_status = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) result.signal = WTERMSIG(status);
  return result;
}

}  // namespace promheal::healing
