#pragma once

#include <string>
#include <string_view>

namespace promheal {

// SHA-256 (FIPS 180-4) of `bytes` as 64 lowercase hexadecimal digits.
std::string Sha256Hex(std::string_view bytes);

}  // namespace promheal
