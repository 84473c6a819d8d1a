#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace promheal {

struct ListenAddress {
  std::string host;  // Name or IPv4 address; "" for all of the machine's addresses.
  uint16_t port = 0;
};

// "host:port" or ":port". IPv6 is refused with a message that says what to do: Debian's civetweb is
// built without it.
Result<ListenAddress> ParseListenAddress(std::string_view text);

}  // namespace promheal
