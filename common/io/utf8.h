#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace promheal {

// What a byte sequence that is not UTF-8 is shown as: U+FFFD.
inline constexpr std::string_view kUtf8Replacement = "\xef\xbf\xbd";

struct Utf8Character {
  char32_t code_point = 0xfffd;
  size_t length = 1;  // Bytes it takes up; 1 where the bytes are not valid.
  bool valid = false;
};

// The first character of `text`, which must not be empty. Overlong forms, surrogates and what is
// above U+10FFFF are not valid.
Utf8Character DecodeUtf8(std::string_view text);

// The offset of the first byte that is not part of valid UTF-8; npos where there is none.
size_t FindInvalidUtf8(std::string_view text);

// At most the first `max_characters` of `text` on one line, for error messages: white space and
// control characters become single spaces, invalid bytes U+FFFD; cut text ends in "...".
std::string FirstWords(std::string_view text, size_t max_characters);

}  // namespace promheal
