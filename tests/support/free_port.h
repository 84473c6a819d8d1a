#pragma once

#include <cstdint>

namespace promheal::support {

// A TCP port of 127.0.0.1 that nobody listens on now, another one each time. Prefer port 0 where
// the program can take it. Thread safety: any thread.
uint16_t FreePort();

}  // namespace promheal::support
