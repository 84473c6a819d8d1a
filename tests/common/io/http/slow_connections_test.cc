#include "common/io/http/slow_connections.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace promheal {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

// Both ends of a TCP connection over the loopback interface.
class TcpPair {
 public:
  TcpPair() {
    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    bind(listener, reinterpret_cast<sockaddr*>(&address), size);
    listen(listener, 1);
    getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
    client_ = socket(AF_INET, SOCK_STREAM, 0);
    connect(client_, reinterpret_cast<sockaddr*>(&address), size);
    server_ = accept(listener, nullptr, nullptr);
    close(listener);
    sockaddr_in peer{};
    getpeername(server_, reinterpret_cast<sockaddr*>(&peer), &size);
    connection_ = {"127.0.0.1", ntohs(peer.sin_port), ntohs(address.sin_port)};
  }
  ~TcpPair() {
    close(client_);
    close(server_);
  }
  int client() const { return client_; }
  int server() const { return server_; }
  const ServerConnection& connection() const { return connection_; }

 private:
  int client_;
  int server_;
  ServerConnection connection_;
};

using Direction = SlowConnections::Direction;

TEST(SlowConnectionsTest, ReadingFromASlowPeerEndsAtTheLimit) {
  const SystemClock clock;
  SlowConnections slow(clock);
  const TcpPair pair;
  const TcpPair other;
  const SlowConnections::Watch patient(&slow, other.connection(), Direction::kReceiving, hours(1));
  const SlowConnections::Watch watch(&slow, pair.connection(), Direction::kReceiving,
                                     milliseconds(20));
  char byte = 0;
  EXPECT_EQ(recv(pair.server(), &byte, 1, 0), 0);
  EXPECT_TRUE(watch.overdue());
  EXPECT_EQ(send(pair.server(), "x", 1, MSG_NOSIGNAL), 1);  // An answer can still be sent.
  EXPECT_FALSE(patient.overdue());
  EXPECT_EQ(recv(other.server(), &byte, 1, MSG_DONTWAIT), -1);
  EXPECT_EQ(errno, EAGAIN);
}

TEST(SlowConnectionsTest, SendingToASlowPeerEndsAtTheLimit) {
  const SystemClock clock;
  SlowConnections slow(clock);
  const TcpPair pair;
  const SlowConnections::Watch watch(&slow, pair.connection(), Direction::kSending,
                                     milliseconds(20));
  char byte = 0;
  EXPECT_EQ(recv(pair.client(), &byte, 1, 0), 0);
  EXPECT_LT(send(pair.server(), "x", 1, MSG_NOSIGNAL), 0);
}

TEST(SlowConnectionsTest, LeavesConnectionsThatAreNoLongerWatchedAlone) {
  const SystemClock clock;
  SlowConnections slow(clock);
  const TcpPair pair;
  const TcpPair later;
  { const SlowConnections::Watch brief(&slow, pair.connection(), Direction::kSending, hours(1)); }
  {
    const SlowConnections::Watch brief(&slow, pair.connection(), Direction::kSending, Duration(30));
  }
  const SlowConnections::Watch watch(&slow, later.connection(), Direction::kReceiving,
                                     milliseconds(60));
  char byte = 0;
  EXPECT_EQ(recv(later.server(), &byte, 1, 0), 0);
  EXPECT_EQ(send(pair.server(), "x", 1, MSG_NOSIGNAL), 1);
}

}  // namespace
}  // namespace promheal
