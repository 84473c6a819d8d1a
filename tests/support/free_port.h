#pragma once

#include <cstdint>

namespace promheal::support {

// A TCP port of 127.0.0.1 without a listener, a different one each time. Prefer port 0 if the
// program supports it. Thread safety: any thread.
uint16_t FreePort();

}  // namespace promheal::support
