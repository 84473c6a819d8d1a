#include "tests/support/free_port.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <stdexcept>

namespace promheal::support {
namespace {

// Below those that the kernel gives to connections, of which one could take a port before it is
// listened on.
constexpr uint32_t kFirst = 12'000;
constexpr uint32_t kLast = 32'767;
constexpr int kTries = 1000;

// Another one each time, also for tests that run side by side.
uint16_t NextPort() {
  static std::atomic<uint32_t> asked = 0;
  constexpr uint32_t kFarApart = 7919;
  const auto process = static_cast<uint32_t>(::getpid());
  return static_cast<uint16_t>(kFirst + (process * kFarApart + asked++) % (kLast - kFirst + 1));
}

bool CanListenOn(uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  const bool ok =
      fd >= 0 && ::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  if (fd >= 0) ::close(fd);
  return ok;
}

}  // namespace

uint16_t FreePort() {
  for (int i = 0; i < kTries; ++i) {
    const uint16_t port = NextPort();
    if (CanListenOn(port)) return port;
  }
  throw std::runtime_error("no free port");
}

}  // namespace promheal::support
