#include "webhook/executors/command/spawn.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace promheal::healing {
namespace {

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

// Everything that the child needs, made before the fork: after a fork in a program with threads
// only async-signal-safe calls are allowed, and allocating is not.
struct Prepared {
  const char* program;
  char* const* arguments;
  char* const* environment;
  int output;
  int failure;  // Receives errno if the program cannot be started.
  unsigned end_after_seconds;
};

void CloseAllBut(int kept) {
  const auto kept_fd = static_cast<unsigned>(kept);
  if (kept_fd > STDERR_FILENO + 1) ::close_range(STDERR_FILENO + 1, kept_fd - 1, 0);
  ::close_range(kept_fd + 1, ~0U, 0);
}

[[noreturn]] void RunChild(const Prepared& child) {
  ::setpgid(0, 0);
  struct sigaction defaults {};
  defaults.sa_handler = SIG_DFL;
  for (int number = 1; number < NSIG; ++number) ::sigaction(number, &defaults, nullptr);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  const int nothing = ::open("/dev/null", O_RDONLY);
  if (nothing >= 0 && ::dup2(nothing, STDIN_FILENO) >= 0 &&
      ::dup2(child.output, STDOUT_FILENO) >= 0 && ::dup2(child.output, STDERR_FILENO) >= 0) {
    CloseAllBut(child.failure);
    ::alarm(child.end_after_seconds);  // Survives the exec.
    ::execve(child.program, child.arguments, child.environment);
  }
  const int error = errno;
  [[maybe_unused]] const ssize_t written = ::write(child.failure, &error, sizeof(error));
  ::_exit(127);
}

unsigned WholeSeconds(Duration duration) {
  return static_cast<unsigned>(std::chrono::ceil<std::chrono::seconds>(duration).count());
}

}  // namespace

Result<std::string> FindProgram(
    const std::string& name, const std::vector<std::pair<std::string, std::string>>& environment) {
  if (name.find('/') != std::string::npos) return name;
  std::string path;
  for (const auto& [key, value] : environment) {
    if (key == "PATH") path = value;
  }
  for (size_t begin = 0; begin < path.size();) {
    const size_t end = std::min(path.find(':', begin), path.size());
    const std::string candidate = path.substr(begin, end - begin) + '/' + name;
    if (candidate.front() == '/' && ::access(candidate.c_str(), X_OK) == 0) return candidate;
    begin = end + 1;
  }
  return Fail(ErrorCode::kNotFound, fmt::format("{} is not in the command's PATH", name));
}

Result<pid_t> Spawn(const SpawnOptions& options, int output) {
  const std::string doing = "starting " + options.arguments.at(0);
  const Result<std::string> program = FindProgram(options.arguments[0], options.environment);
  if (!program) return Prefixed(doing, program.error());
  std::vector<std::string> arguments = options.arguments;
  std::vector<std::string> variables;
  for (const auto& [name, value] : options.environment) variables.push_back(name + '=' + value);
  const std::vector<char*> argument_pointers = Pointers(arguments);
  const std::vector<char*> variable_pointers = Pointers(variables);
  std::array<int, 2> failure{};
  if (::pipe2(failure.data(), O_CLOEXEC) != 0) return SystemError(doing, errno);
  const Prepared prepared = {
      program->c_str(), argument_pointers.data(),       variable_pointers.data(), output,
      failure[1],       WholeSeconds(options.end_after)};
  const pid_t pid = ::fork();
  if (pid == 0) RunChild(prepared);
  const int fork_error = errno;
  ::close(failure[1]);
  int error = 0;
  const bool failed = pid > 0 && ::read(failure[0], &error, sizeof(error)) > 0;
  ::close(failure[0]);
  if (pid < 0) return SystemError(doing, fork_error);
  if (!failed) return pid;
  ::waitpid(pid, nullptr, 0);
  return SystemError(doing, error);
}

}  // namespace promheal::healing
