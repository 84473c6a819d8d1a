#include "tests/webhook/executors/haproxy/runtime/fake_runtime_server.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace promheal::healing {

FakeRuntimeServer::FakeRuntimeServer(const std::string& path, Handler handler)
    : handler_(std::move(handler)) {
  listen_fd_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  stop_fd_ = ::eventfd(0, EFD_CLOEXEC);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof(address.sun_path) - 1);
  if (::bind(listen_fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0 ||
      ::listen(listen_fd_, 16) != 0) {
    throw std::runtime_error("cannot listen on " + path);
  }
  thread_ = std::thread([this] { Serve(); });
}

FakeRuntimeServer::~FakeRuntimeServer() {
  ::eventfd_write(stop_fd_, 1);
  thread_.join();
  ::close(listen_fd_);
  ::close(stop_fd_);
}

std::vector<std::string> FakeRuntimeServer::lines() const {
  const std::lock_guard lock(mutex_);
  return lines_;
}

bool FakeRuntimeServer::WaitOn(int fd, Duration timeout) const {
  std::array<pollfd, 2> polled = {{{fd, POLLIN, 0}, {stop_fd_, POLLIN, 0}}};
  const int ready = ::poll(polled.data(), polled.size(), static_cast<int>(timeout.count()));
  return ready > 0 && polled[1].revents == 0;
}

void FakeRuntimeServer::Serve() {
  while (WaitOn(listen_fd_, Duration(-1))) {
    const int fd = ::accept(listen_fd_, nullptr, nullptr);
    if (fd < 0) continue;
    Answer(fd);
    ::close(fd);
  }
}

void FakeRuntimeServer::Answer(int fd) {
  std::string line;
  for (char c = 0; c != '\n';) {
    if (!WaitOn(fd, Duration(-1)) || ::recv(fd, &c, 1, 0) != 1) return;
    line += c;
  }
  line.pop_back();
  {
    const std::lock_guard lock(mutex_);
    lines_.push_back(line);
  }
  const FakeAnswer answer = handler_(line);
  const size_t piece = answer.piece == 0 ? answer.bytes.size() : answer.piece;
  for (size_t sent = 0; sent < answer.bytes.size();) {
    if (answer.pause > Duration(0)) WaitOn(stop_fd_, answer.pause);
    const ssize_t count = ::send(fd, answer.bytes.data() + sent,
                                 std::min(piece, answer.bytes.size() - sent), MSG_NOSIGNAL);
    if (count <= 0) return;
    sent += static_cast<size_t>(count);
  }
  // Until the client gives up.
  if (answer.hangs) WaitOn(fd, Duration(-1));
}

}  // namespace promheal::healing
