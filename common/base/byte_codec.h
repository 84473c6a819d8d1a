#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace promheal {

// Appends numbers as little-endian bytes: the encoding of stored files.
template <std::unsigned_integral T>
void AppendNumber(std::string& out, T value) {
  for (std::size_t i = 0; i < sizeof(T); ++i) out.push_back(static_cast<char>(value >> (8 * i)));
}
inline void AppendNumber(std::string& out, float value) {
  AppendNumber(out, std::bit_cast<std::uint32_t>(value));
}
inline void AppendNumber(std::string& out, double value) {
  AppendNumber(out, std::bit_cast<std::uint64_t>(value));
}

// Reads them from the front. Reads past the end return zero, and ended() is true from then on.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

  template <std::unsigned_integral T>
  T Read() {
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
  float ReadFloat() { return std::bit_cast<float>(Read<std::uint32_t>()); }
  double ReadDouble() { return std::bit_cast<double>(Read<std::uint64_t>()); }
  std::string_view ReadBytes(std::size_t count) {
    if (bytes_.size() < count) {
      ended_ = true;
      bytes_ = {};
      return {};
    }
    const std::string_view bytes = bytes_.substr(0, count);
    bytes_.remove_prefix(count);
    return bytes;
  }

  bool ended() const { return ended_; }
  std::size_t left() const { return bytes_.size(); }

 private:
  std::string_view bytes_;
  bool ended_ = false;
};

// CRC-32 as in zlib and gzip (ISO-HDLC).
std::uint32_t Crc32(std::string_view bytes);

}  // namespace promheal
