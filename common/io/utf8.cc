#include "common/io/utf8.h"

namespace promheal {
namespace {

struct Lead {
  size_t length;      // Bytes in the sequence; 0 if this byte cannot start it.
  char32_t bits;      // The bits of the code point in this byte.
  char32_t smallest;  // The smallest code point that needs this length.
};

Lead ReadLead(unsigned char byte) {
  if (byte < 0x80) return {1, byte, 0};
  if (byte >= 0xc0 && byte < 0xe0) return {2, byte & 0x1fU, 0x80};
  if (byte >= 0xe0 && byte < 0xf0) return {3, byte & 0x0fU, 0x800};
  if (byte >= 0xf0 && byte < 0xf8) return {4, byte & 0x07U, 0x10000};
  return {0, 0, 0};
}

bool IsSpaceOrControl(char32_t c) {
  return c <= 0x20 || (c >= 0x7f && c <= 0xa0) || c == 0x2028 || c == 0x2029;
}

}  // namespace

Utf8Character DecodeUtf8(std::string_view text) {
  const Lead lead = ReadLead(static_cast<unsigned char>(text.front()));
  if (lead.length == 0 || lead.length > text.size()) return {};
  char32_t code_point = lead.bits;
  for (size_t i = 1; i < lead.length; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xc0U) != 0x80U) return {};
    code_point = (code_point << 6U) | (byte & 0x3fU);
  }
  const bool surrogate = code_point >= 0xd800 && code_point <= 0xdfff;
  if (code_point < lead.smallest || surrogate || code_point > 0x10ffff) return {};
  return {code_point, lead.length, true};
}

size_t FindInvalidUtf8(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const Utf8Character next = DecodeUtf8(text.substr(at));
    if (!next.valid) return at;
    at += next.length;
  }
  return std::string_view::npos;
}

std::string FirstWords(std::string_view text, size_t max_characters) {
  std::string words;
  bool space_pending = false;
  for (size_t characters = 0; !text.empty();) {
    const Utf8Character next = DecodeUtf8(text);
    const std::string_view bytes = next.valid ? text.substr(0, next.length) : kUtf8Replacement;
    text.remove_prefix(next.length);
    if (IsSpaceOrControl(next.code_point)) {
      space_pending = !words.empty();
      continue;
    }
    characters += space_pending ? 2 : 1;
    if (characters > max_characters) return words + "...";
    if (space_pending) words += ' ';
    space_pending = false;
    words += bytes;
  }
  return words;
}

}  // namespace promheal
