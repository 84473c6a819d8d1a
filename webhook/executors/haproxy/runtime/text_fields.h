#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace promheal::healing {

// Splits "a b  c" at spaces into words, none empty, which point into `line`.
std::vector<std::string_view> SplitWords(std::string_view line);

// Splits at line breaks and leaves those out.
std::vector<std::string_view> SplitLines(std::string_view text);

// Removes one record of comma-separated values, with its line break, from the front of `text`
// (RFC 4180: quotes around fields that hold commas, doubled inside). Not empty unless `text` is.
std::vector<std::string> PopCsvRecord(std::string_view& text);

// The whole text as a number; nullopt if it is not a number.
template <typename Number>
std::optional<Number> ParseNumber(std::string_view text) {
  Number number{};
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || rest != end) return std::nullopt;
  return number;
}

}  // namespace promheal::healing
