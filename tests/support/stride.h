#pragma once

namespace promheal::support {

// Tests with hundreds of histories try only every kStride-th. Sanitizers make tests ten times as
// slow, and find their errors in any history.
#ifdef PROMHEAL_SANITIZED
inline constexpr int kStride = 8;
#else
inline constexpr int kStride = 1;
#endif

}  // namespace promheal::support
