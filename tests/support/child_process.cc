#include "tests/support/child_process.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <stdexcept>

#include "tests/support/wait.h"

namespace promheal::support {
namespace {

constexpr int kStatusNotFound = 127;  // As in a shell.

// Runs between fork and exec, so only async-signal-safe calls.
[[noreturn]] void Execute(const std::vector<char*>& argv, const std::vector<char*>& environment,
                          const char* working_directory, int output_fd, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(kStatusNotFound);  // The test ended before prctl.
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  const int null_fd = ::open("/dev/null", O_RDONLY);
  ::dup2(null_fd, STDIN_FILENO);
  ::dup2(output_fd, STDOUT_FILENO);
  ::dup2(output_fd, STDERR_FILENO);
  if (*working_directory != '\0' && ::chdir(working_directory) != 0) ::_exit(kStatusNotFound);
  ::execvpe(argv.front(), argv.data(), environment.data());
  ::_exit(kStatusNotFound);
}

std::vector<char*> Pointers(std::vector<std::string>* texts) {
  std::vector<char*> pointers;
  for (std::string& text : *texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> Environment(
    const std::vector<std::pair<std::string, std::string>>& added) {
  std::vector<std::string> all;
  for (const auto& [name, value] : added) all.push_back(name + "=" + value);
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    bool replaced = false;
    for (const auto& [name, value] : added) replaced |= text.starts_with(name + "=");
    if (!replaced) all.push_back(text);
  }
  return all;
}

}  // namespace

ChildProcess::ChildProcess(ChildProcessOptions options) {
  std::vector<std::string> environment = Environment(options.environment);
  const std::vector<char*> argv_pointers = Pointers(&options.argv);
  const std::vector<char*> environment_pointers = Pointers(&environment);
  output_fd_ = ::memfd_create("output", MFD_CLOEXEC);
  // Append mode: two descriptors of the child share the file.
  if (output_fd_ < 0 || ::fcntl(output_fd_, F_SETFL, O_APPEND) != 0) {
    throw std::runtime_error("memfd_create failed");
  }
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ < 0) throw std::runtime_error("fork failed");
  if (pid_ == 0) {
    Execute(argv_pointers, environment_pointers, options.working_directory.c_str(), output_fd_,
            parent);
  }
}

ChildProcess::~ChildProcess() {
  Kill();
  ::close(output_fd_);
}

bool ChildProcess::Running() { return !Wait(Duration(0)).has_value(); }

void ChildProcess::Signal(int number) const {
  if (!exit_status_) ::kill(pid_, number);
}

bool ChildProcess::Pause() {
  if (!Running()) return false;
  Signal(SIGSTOP);
  return WaitUntil(
      [this] {
        siginfo_t info{};
        return ::waitid(P_PID, static_cast<id_t>(pid_), &info, WSTOPPED | WNOHANG) == 0 &&
               info.si_pid == pid_;
      },
      std::chrono::seconds(10));
}

void ChildProcess::Resume() { Signal(SIGCONT); }

std::optional<int> ChildProcess::Wait(Duration timeout) {
  WaitUntil(
      [this] {
        int status = 0;
        if (exit_status_ || ::waitpid(pid_, &status, WNOHANG) != pid_) {
          return exit_status_.has_value();
        }
        exit_status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        return true;
      },
      timeout);
  return exit_status_;
}

std::optional<int> ChildProcess::Terminate(Duration timeout) {
  Signal(SIGTERM);
  if (!Wait(timeout)) Kill();
  return exit_status_;
}

void ChildProcess::Kill() {
  Signal(SIGKILL);
  Wait(std::chrono::seconds(10));
}

std::string ChildProcess::Output() const {
  std::string text;
  std::array<char, 4096> buffer{};
  while (true) {
    const ssize_t count =
        ::pread(output_fd_, buffer.data(), buffer.size(), static_cast<off_t>(text.size()));
    if (count <= 0) return text;
    text.append(buffer.data(), static_cast<size_t>(count));
  }
}

Finished RunToEnd(std::vector<std::string> argv, Duration timeout) {
  ChildProcess process({.argv = std::move(argv)});
  const auto status = process.Wait(timeout);
  return {status.value_or(-1), process.Output()};
}

}  // namespace promheal::support
