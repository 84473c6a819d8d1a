#include "tests/integration/steady_load.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <mutex>
#include <thread>
#include <vector>

#include "common/io/clock.h"

namespace promheal {
namespace {

// One connection, opened again where it was closed.
class Connection {
 public:
  Connection(uint16_t port, const std::string& path)
      : port_(port), request_(fmt::format("GET {} HTTP/1.1\r\nHost: load\r\n\r\n", path)) {}
  ~Connection() { Close(); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // The status, or 0. Once more on a new connection: the old one may have been closed while idle.
  int Ask() {
    const bool fresh = fd_ < 0;
    int status = TryOnce();
    if (status == 0 && !fresh) status = TryOnce();
    return status;
  }

 private:
  int TryOnce() {
    if (fd_ < 0 && !Open()) return 0;
    if (::send(fd_, request_.data(), request_.size(), MSG_NOSIGNAL) < 0) return Fail();
    std::string answer;
    size_t head = 0;
    while ((head = answer.find("\r\n\r\n")) == std::string::npos) {
      if (!Receive(answer)) return Fail();
    }
    const size_t length = ContentLength(answer.substr(0, head));
    while (answer.size() < head + 4 + length) {
      if (!Receive(answer)) return Fail();
    }
    if (answer.find("\r\nconnection: close") < head) Close();
    int status = 0;
    std::from_chars(answer.data() + 9, answer.data() + 12, status);
    return status;
  }

  bool Open() {
    fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const timeval patience{.tv_sec = 10, .tv_usec = 0};
    const int on = 1;
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port_);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0) return true;
    Close();
    return false;
  }

  bool Receive(std::string& answer) const {
    std::array<char, 4096> buffer;
    const ssize_t count = ::recv(fd_, buffer.data(), buffer.size(), 0);
    if (count <= 0) return false;
    answer.append(buffer.data(), static_cast<size_t>(count));
    return true;
  }

  static size_t ContentLength(std::string head) {
    for (char& c : head) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    constexpr std::string_view kName = "\r\ncontent-length: ";
    const size_t at = head.find(kName);
    size_t length = 0;
    if (at != std::string::npos) {
      std::from_chars(head.data() + at + kName.size(), head.data() + head.size(), length);
    }
    return length;
  }

  int Fail() {
    Close();
    return 0;
  }
  void Close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

  const uint16_t port_;
  const std::string request_;
  int fd_ = -1;
};

void Pause(std::chrono::nanoseconds time) {
  if (time.count() <= 0) return;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time);
  const timespec pause{.tv_sec = seconds.count(), .tv_nsec = (time - seconds).count()};
  ::ppoll(nullptr, 0, &pause, nullptr);
}

}  // namespace

double SteadyLoad::ShareOf(int status) const {
  const auto found = statuses.find(status);
  return found == statuses.end() || total == 0 ? 0 : static_cast<double>(found->second) / total;
}

SteadyLoad Offer(const SteadyLoadOptions& options) {
  const SystemClock clock;
  const auto all = static_cast<int>(options.requests_per_second *
                                    static_cast<double>(options.duration.count()) / 1000.0);
  const auto start = clock.MonotonicNanoseconds();
  const auto moment_of = [&](int number) {
    return start + std::chrono::nanoseconds(
                       static_cast<int64_t>(1e9 * number / options.requests_per_second));
  };
  std::mutex mutex;
  SteadyLoad load;
  std::vector<std::thread> users;
  for (int user = 0; user < options.connections; ++user) {
    users.emplace_back([&, user] {
      Connection connection(options.port, options.path);
      std::map<int, int> own;
      for (int number = user; number < all; number += options.connections) {
        Pause(moment_of(number) - clock.MonotonicNanoseconds());
        ++own[connection.Ask()];
      }
      const std::lock_guard lock(mutex);
      for (const auto& [status, times] : own) load.statuses[status] += times;
    });
  }
  for (std::thread& user : users) user.join();
  const auto took = clock.MonotonicNanoseconds() - start;
  load.total = all;
  load.achieved_per_second = all / (static_cast<double>(took.count()) / 1e9);
  return load;
}

}  // namespace promheal
