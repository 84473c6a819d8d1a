#include "webhook/executors/command/run_process.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

// glibc 2.36 forgot to say so itself.
extern "C" {
#include <sys/pidfd.h>
}

namespace promheal::healing {
namespace {

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

tl::unexpected<Error> SystemError(const std::string& doing, int error) {
  const ErrorCode code = error == ENOENT   ? ErrorCode::kNotFound
                         : error == EACCES ? ErrorCode::kPermissionDenied
                                           : ErrorCode::kUnavailable;
  return Fail(code, fmt::format("{}: {}", doing, std::strerror(error)));
}

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

// A fresh process: own group, default signals, nothing blocked, input from nowhere, output to
// `output`, and no other file of ours.
int Spawn(const ProcessOptions& options, int output, pid_t* pid) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, output, STDERR_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  posix_spawnattr_setpgroup(&attributes, 0);
  sigset_t signals;
  sigemptyset(&signals);
  posix_spawnattr_setsigmask(&attributes, &signals);
  sigfillset(&signals);
  posix_spawnattr_setsigdefault(&attributes, &signals);

  std::vector<std::string> arguments = options.arguments;
  std::vector<std::string> environment;
  for (const auto& [name, value] : options.environment) environment.push_back(name + '=' + value);
  const int error = posix_spawnp(pid, arguments[0].c_str(), &files, &attributes,
                                 Pointers(arguments).data(), Pointers(environment).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  return error;
}

// Takes what is there; false at the end of the output.
bool ReadSome(int fd, size_t max_bytes, std::string& output) {
  std::array<char, 4096> buffer;
  const ssize_t count = ::read(fd, buffer.data(), buffer.size());
  if (count < 0) return errno == EINTR || errno == EAGAIN;
  if (count == 0) return false;
  const size_t room = max_bytes - std::min(max_bytes, output.size());
  output.append(buffer.data(), std::min(room, static_cast<size_t>(count)));
  return true;
}

// Reads until the process has ended; false where the deadline comes first.
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
  const std::string doing = "starting " + options.arguments.at(0);
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return SystemError(doing, errno);
  FileDescriptor read_end(ends[0]);
  FileDescriptor write_end(ends[1]);
  ::fcntl(read_end.get(), F_SETFL, O_NONBLOCK);
  pid_t pid = -1;
  if (const int error = Spawn(options, write_end.get(), &pid)) return SystemError(doing, error);
  write_end.Close();

  ProcessResult result;
  // We have not waited for it, so its number is still its own.
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
