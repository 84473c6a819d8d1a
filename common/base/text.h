#pragma once

#include <cstdint>
#include <string_view>

namespace promheal {

// `text` without the `blanks` at its ends. It points into `text`.
std::string_view Trimmed(std::string_view text, std::string_view blanks = " \t\r\n");

// The 64-bit FNV-1a hash: the same in every build and on every machine, so it may be stored.
std::uint64_t Fnv1a(std::string_view text);

}  // namespace promheal
