#include "webhook/executors/haproxy/runtime/runtime_client.h"

#include <fmt/core.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

#include "common/io/socket_path.h"

namespace promheal::healing {
namespace {

// A connection to a Unix socket; every call on it returns by `end`.
class Connection {
 public:
  Connection(const Clock& clock, Duration end)
      : clock_(clock),
        end_(end),
        fd_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {}
  ~Connection() {
    if (fd_ >= 0) ::close(fd_);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  Status Open(const std::string& path);
  Status Send(std::string_view text);
  // All bytes until the other side closes.
  Result<std::string> ReceiveAll(size_t max_bytes);

 private:
  Duration Left() const { return std::max(Duration(0), end_ - clock_.Monotonic()); }
  // False if the time is over.
  bool WaitFor(int16_t events) const;

  const Clock& clock_;
  const Duration end_;
  const int fd_;
};

Status CannotConnect(int error) {
  const ErrorCode code =
      error == EACCES || error == EPERM ? ErrorCode::kPermissionDenied : ErrorCode::kUnavailable;
  return Fail(code, fmt::format("cannot connect: {}", std::strerror(error)));
}

tl::unexpected<Error> NoAnswer() {
  return Fail(ErrorCode::kTimeout, "no answer before the deadline");
}

tl::unexpected<Error> BrokenOff(int error) {
  return Fail(ErrorCode::kDataLoss, fmt::format("the connection broke: {}", std::strerror(error)));
}

bool Connection::WaitFor(int16_t events) const {
  while (true) {
    const Duration left = Left();
    if (left == Duration(0)) return false;
    pollfd polled{fd_, events, 0};
    const int ready = ::poll(&polled, 1, static_cast<int>(std::min<int64_t>(left.count(), 60'000)));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return true;  // The next call reports the error.
  }
}

Status Connection::Open(const std::string& path) {
  if (fd_ < 0) return CannotConnect(errno);
  if (!IsSocketPath(path)) return CannotConnect(ENAMETOOLONG);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof(address.sun_path) - 1);
  constexpr int kPauseMilliseconds = 5;
  while (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    // The queue of the socket is full, and poll cannot wait for a free place in it.
    if (errno != EAGAIN && errno != EINTR) return CannotConnect(errno);
    if (Left() == Duration(0)) return CannotConnect(EAGAIN);
    ::poll(nullptr, 0, kPauseMilliseconds);
  }
  return {};
}

Status Connection::Send(std::string_view text) {
  while (!text.empty()) {
    const ssize_t sent = ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
      text.remove_prefix(static_cast<size_t>(sent));
    } else if (errno == EAGAIN) {
      if (!WaitFor(POLLOUT)) return NoAnswer();
    } else if (errno != EINTR) {
      return BrokenOff(errno);
    }
  }
  return {};
}

Result<std::string> Connection::ReceiveAll(size_t max_bytes) {
  std::string received;
  std::array<char, 16384> buffer;
  while (true) {
    if (!WaitFor(POLLIN)) return NoAnswer();
    const ssize_t count = ::recv(fd_, buffer.data(), buffer.size(), 0);
    if (count == 0) return received;
    if (count < 0 && errno != EAGAIN && errno != EINTR) return BrokenOff(errno);
    if (count > 0) received.append(buffer.data(), static_cast<size_t>(count));
    if (received.size() > max_bytes) {
      return Fail(ErrorCode::kDataLoss,
                  fmt::format("the answer is longer than {} bytes", max_bytes));
    }
  }
}

}  // namespace

Result<std::string> RuntimeClient::Run(const RuntimeCommand& command, Duration deadline) const {
  Connection connection(clock_, clock_.Monotonic() + deadline);
  if (auto status = connection.Open(options_.socket); !status) {
    return tl::make_unexpected(status.error());
  }
  if (auto status = connection.Send(command.text() + '\n'); !status) {
    return tl::make_unexpected(status.error());
  }
  Result<std::string> answer = connection.ReceiveAll(options_.max_answer_bytes);
  if (answer && !answer->ends_with('\n')) {
    return Fail(ErrorCode::kDataLoss,
                answer->empty() ? "closed without an answer" : "the answer was cut off");
  }
  return answer;
}

}  // namespace promheal::healing
