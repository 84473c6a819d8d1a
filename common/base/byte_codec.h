#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace promheal {

// Numbers as little-endian bytes, for what is stored.
template <std::unsigned_integral T>
void Append(std::string& out, T value) {
  for (std::size_t i = 0; i < sizeof(T); ++i) out.push_back(static_cast<char>(value >> (8 * i)));
}
inline void Append(std::string& out, float value) {
  Append(out, std::bit_cast<std::uint32_t>(value));
}
inline void Append(std::string& out, double value) {
  Append(out, std::bit_cast<std::uint64_t>(value));
}

// Takes them back. Reads past the end give zero and are remembered.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

  template <std::unsigned_integral T>
  T Take() {
    if (bytes_.size() < sizeof(T)) {
      ended_ = true;
      bytes_ = {};
      return 0;
    }
    T value = 0;
    for (std::size_t i = sizeof(T); i-- > 0;) {
      value = static_cast<T>((value << 8) | static_cast<unsigned char>(bytes_[i]));
    }
    bytes_.remove_prefix(sizeof(T));
    return value;
  }
  float TakeFloat() { return std::bit_cast<float>(Take<std::uint32_t>()); }
  double TakeDouble() { return std::bit_cast<double>(Take<std::uint64_t>()); }
  std::string_view TakeBytes(std::size_t count) {
    if (bytes_.size() < count) {
      ended_ = true;
      bytes_ = {};
      return {};
    }
    const std::string_view taken = bytes_.substr(0, count);
    bytes_.remove_prefix(count);
    return taken;
  }

  bool ended() const { return ended_; }
  std::size_t left() const { return bytes_.size(); }

 private:
  std::string_view bytes_;
  bool ended_ = false;
};

// CRC-32 (ISO-HDLC, the one of zlib and gzip).
std::uint32_t Crc32(std::string_view bytes);

}  // namespace promheal
