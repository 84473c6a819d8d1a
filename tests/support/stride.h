#pragma once

namespace promheal::support {

// Tests that try hundreds of histories try each of so many. Sanitizers, under which everything is
// ten times as slow, look for what any history shows.
#ifdef PROMHEAL_SANITIZED
inline constexpr int kStride = 8;
#else
inline constexpr int kStride = 1;
#endif

}  // namespace promheal::support
