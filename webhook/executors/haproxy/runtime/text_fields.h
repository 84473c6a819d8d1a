#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace promheal::healing {

// "a b  c" at spaces; none is empty. They point into `line`.
std::vector<std::string_view> SplitWords(std::string_view line);

// At line breaks, without them.
std::vector<std::string_view> SplitLines(std::string_view text);

// One record of comma-separated values (RFC 4180: quotes around fields that hold commas, doubled
// inside), taken off the front of `text` with its line break. Never empty where `text` is not.
std::vector<std::string> TakeCsvRecord(std::string_view& text);

// The whole text as a number, or nothing.
template <typename Number>
std::optional<Number> ParseNumber(std::string_view text) {
  Number number{};
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || rest != end) return std::nullopt;
  return number;
}

}  // namespace promheal::healing
