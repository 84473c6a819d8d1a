#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace promheal {

struct ListenAddress {
  std::string host;  // A name or IPv4 address; "" listens on all addresses of the machine.
  uint16_t port = 0;
};

// Reads "host:port" or ":port". Refuses IPv6 with advice, since Debian's civetweb lacks it.
Result<ListenAddress> ParseListenAddress(std::string_view text);

}  // namespace promheal
