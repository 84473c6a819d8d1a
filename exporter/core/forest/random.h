#pragma once

#include <cstdint>

namespace promheal::anomaly {

// SplitMix64 (Steele, Lea, Flood 2014) with an independent stream for each (seed, stream). A tree's
// draws depend only on the seed and its number, not on the order or thread in which trees grow.
class Random {
 public:
  Random(std::uint64_t seed, std::uint64_t stream) : state_(Mix(Mix(seed) + stream)) {}

  std::uint64_t Next() { return Mix(state_ += kGamma); }

  // Uniform in [0, bound), bound > 0; the bias is below bound / 2^32.
  std::uint32_t Below(std::uint32_t bound) {
    return static_cast<std::uint32_t>(((Next() >> 32) * bound) >> 32);
  }

  // Uniform in [0, 1), 53 bits.
  double Unit() { return static_cast<double>(Next() >> 11) * 0x1p-53; }

 private:
  static constexpr std::uint64_t kGamma = 0x9e3779b97f4a7c15;

  static std::uint64_t Mix(std::uint64_t z) {
    z += kGamma;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

  std::uint64_t state_;
};

}  // namespace promheal::anomaly
