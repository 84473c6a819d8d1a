#include "common/io/http/slow_connections.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace promheal {
namespace {

bool Matches(int fd, const ServerConnection& connection) {
  sockaddr_in peer{};
  sockaddr_in self{};
  socklen_t peer_size = sizeof(peer);
  socklen_t self_size = sizeof(self);
  if (getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &peer_size) != 0 ||
      getsockname(fd, reinterpret_cast<sockaddr*>(&self), &self_size) != 0) {
    return false;
  }
  char address[INET_ADDRSTRLEN] = "";
  return peer.sin_family == AF_INET && ntohs(peer.sin_port) == connection.peer_port &&
         ntohs(self.sin_port) == connection.server_port &&
         inet_ntop(AF_INET, &peer.sin_addr, address, sizeof(address)) != nullptr &&
         connection.peer_address == address;
}

// The thread that serves the connection is inside a Watch, so nothing closes the descriptor.
void ShutDown(const ServerConnection& connection, int how) {
  namespace fs = std::filesystem;
  std::error_code error;
  for (fs::directory_iterator entry("/proc/self/fd", error), end; !error && entry != end;
       entry.increment(error)) {
    const auto fd = static_cast<int>(std::strtol(entry->path().filename().c_str(), nullptr, 10));
    if (!Matches(fd, connection)) continue;
    shutdown(fd, how);
    return;
  }
}

}  // namespace

SlowConnections::SlowConnections(const Clock& clock) : clock_(clock), thread_([this] { Run(); }) {}

SlowConnections::~SlowConnections() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

SlowConnections::Watch::Watch(SlowConnections* guard, ServerConnection connection,
                              Direction direction, Duration limit)
    : guard_(guard),
      connection_(std::move(connection)),
      direction_(direction),
      deadline_(guard->clock_.Monotonic() + limit) {
  const std::lock_guard lock(guard_->mutex_);
  guard_->watches_.insert(this);
  if (deadline_ < guard_->next_wake_) {
    guard_->next_wake_ = deadline_;
    guard_->changed_.notify_one();
  }
}

SlowConnections::Watch::~Watch() {
  const std::lock_guard lock(guard_->mutex_);
  guard_->watches_.erase(this);
}

bool SlowConnections::Watch::overdue() const {
  const std::lock_guard lock(guard_->mutex_);
  return overdue_;
}

void SlowConnections::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const Duration now = clock_.Monotonic();
    CutOffOverdue(now);
    if (next_wake_ == Duration::max()) {
      changed_.wait(lock);
    } else {
      changed_.wait_for(lock, next_wake_ - now);
    }
  }
}

void SlowConnections::CutOffOverdue(Duration now) {
  next_wake_ = Duration::max();
  for (Watch* watch : watches_) {
    if (watch->overdue_) continue;
    if (watch->deadline_ > now) {
      next_wake_ = std::min(next_wake_, watch->deadline_);
      continue;
    }
    watch->overdue_ = true;
    ShutDown(watch->connection_, watch->direction_ == Direction::kReceiving ? SHUT_RD : SHUT_RDWR);
  }
}

}  // namespace promheal
