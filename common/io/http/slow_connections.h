#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "common/io/clock.h"

namespace promheal {

// A TCP connection of this process, seen from the server.
struct ServerConnection {
  std::string peer_address;  // "192.0.2.7"
  uint16_t peer_port = 0;
  uint16_t server_port = 0;
};

// Cuts off connections whose peer sends or reads too slowly. civetweb only gives up on a peer that
// is silent for the whole timeout: one that sends a byte now and then would hold a thread for ever.
// civetweb does not reveal its sockets, so an overdue one is searched among the open descriptors.
// Thread safety: any thread.
class SlowConnections {
 public:
  enum class Direction { kReceiving, kSending };

  // Lives while a thread waits for the peer. After `limit`, a read ends as if the peer had closed
  // the connection; when sending, the whole connection is shut down.
  class Watch {
   public:
    Watch(SlowConnections* guard, ServerConnection connection, Direction direction, Duration limit);
    ~Watch();
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;
    bool overdue() const;

   private:
    friend class SlowConnections;
    SlowConnections* guard_;
    ServerConnection connection_;
    Direction direction_;
    Duration deadline_;  // On the monotonic clock.
    bool overdue_ = false;
  };

  explicit SlowConnections(const Clock& clock);
  ~SlowConnections();  // All watches must have ended.
  SlowConnections(const SlowConnections&) = delete;
  SlowConnections& operator=(const SlowConnections&) = delete;

 private:
  void Run();
  void CutOffOverdue(Duration now);  // Also sets next_wake_.

  const Clock& clock_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<Watch*> watches_;
  Duration next_wake_ = Duration::max();
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace promheal
