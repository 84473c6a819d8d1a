#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace promheal {

// U+FFFD, which replaces invalid UTF-8 in output.
inline constexpr std::string_view kUtf8Replacement = "\xef\xbf\xbd";

struct Utf8Character {
  char32_t code_point = 0xfffd;
  size_t length = 1;  // In bytes; 1 for an invalid byte.
  bool valid = false;
};

// The first character of `text`, which must not be empty. Overlong forms, surrogates and code
// points above U+10FFFF are invalid.
Utf8Character DecodeUtf8(std::string_view text);

// The offset of the first byte that is not part of valid UTF-8, or npos.
size_t FindInvalidUtf8(std::string_view text);

// The first `max_characters` of `text` on one line, for error messages. White space and control
// characters become single spaces, invalid bytes U+FFFD; a shortened text ends in "...".
std::string FirstWords(std::string_view text, size_t max_characters);

}  // namespace promheal
