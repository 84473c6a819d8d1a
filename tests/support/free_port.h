#pragma once

#include <cstdint>

namespace promheal::support {

// A TCP port of 127.0.0.1 that nobody listens on now. Prefer port 0 where the program can take it.
uint16_t FreePort();

}  // namespace promheal::support
