#pragma once

#include <cstdint>
#include <cstring>

namespace promheal::anomaly {

// Vectors of a single lane in plain C++, for walks down packed trees on any processor.
struct ScalarInts {
  static constexpr std::uint32_t kLanes = 1;
  static constexpr std::uint32_t kGroups = 4;

  using Ints = std::uint32_t;
  using Floats = float;

  static Ints Fill(std::uint32_t value) { return value; }
  static Ints Load(const std::uint32_t* from) { return *from; }
  static Ints Add(Ints a, Ints b) { return a + b; }
  static Ints Sub(Ints a, Ints b) { return a - b; }
  static Ints And(Ints a, Ints b) { return a & b; }
  static Ints Multiply(Ints a, std::uint32_t b) { return a * b; }
  template <int kBits>
  static Ints ShiftLeft(Ints a) {
    return a << kBits;
  }
  template <int kBits>
  static Ints ShiftRight(Ints a) {
    return a >> kBits;
  }
  static Ints ShiftRightBy(Ints a, Ints bits) { return a >> bits; }
  static Ints LowBits(Ints count) { return (1u << count) - 1; }
  // Counts bits in pairs, quads and bytes, then adds the bytes: not every x86-64 has an
  // instruction.
  static Ints PopCount(Ints a) {
    a -= (a >> 1) & 0x55555555u;
    a = (a & 0x33333333u) + ((a >> 2) & 0x33333333u);
    return ((a + (a >> 4)) & 0x0f0f0f0fu) * 0x01010101u >> 24;
  }

  static Ints Read(const unsigned char* bytes, Ints offset) {
    Ints value;
    std::memcpy(&value, bytes + offset, sizeof(value));
    return value;
  }
  static Floats ReadFloat(const unsigned char* bytes, Ints offset) {
    Floats value;
    std::memcpy(&value, bytes + offset, sizeof(value));
    return value;
  }
  static Ints LookUp(const std::uint32_t* table, Ints place) { return table[place]; }

  // All bits set if row[feature] > cut, else 0.
  template <bool kFew>
  static Ints Exceeds(const float* row, Ints feature, Floats cut) {
    return 0u - static_cast<Ints>(row[feature] > cut);
  }
  static Ints Select(Ints which, Ints a, Ints b) { return b ^ ((a ^ b) & which); }
  static Ints AllOnesIf(Ints zero_or_one) { return 0u - zero_or_one; }

  // The sum of the first `count` lanes.
  static std::uint64_t SumFirst(std::uint32_t count, Ints value) { return count > 0 ? value : 0; }
  static void AddFirst(std::uint32_t count, Ints value, Ints place, std::int64_t* sums) {
    if (count > 0) sums[place] += static_cast<std::int32_t>(value);
  }
};

}  // namespace promheal::anomaly
