#include "services/shop/flag_values.h"

#include <fmt/format.h>

#include <charconv>

#include "common/base/duration.h"
#include "common/io/http/http_origin.h"

namespace promheal::shop {
namespace {

template <typename T>
bool ParseWhole(const std::string& text, T* value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *value);
  return error == std::errc() && end == text.data() + text.size();
}

tl::unexpected<Error> Bad(std::string_view flag, const std::string& text,
                          const std::string& expected) {
  return Fail(ErrorCode::kInvalidArgument,
              fmt::format("--{}: '{}' is not right: expected {}", flag, text, expected));
}

}  // namespace

Result<size_t> ParseCountFlag(std::string_view flag, const std::string& text, size_t least,
                              size_t most) {
  size_t value = 0;
  if (ParseWhole(text, &value) && value >= least && value <= most) return value;
  return Bad(flag, text, fmt::format("a whole number from {} to {}", least, most));
}

Result<double> ParseNumberFlag(std::string_view flag, const std::string& text, double least,
                               double most) {
  double value = 0;
  if (ParseWhole(text, &value) && value >= least && value <= most) return value;
  return Bad(flag, text, fmt::format("a number from {} to {}", least, most));
}

Result<Duration> ParseDurationFlag(std::string_view flag, const std::string& text, Duration least,
                                   Duration most) {
  const Result<Duration> value = ParseDuration(text);
  if (value && *value >= least && *value <= most) return *value;
  return Bad(flag, text,
             fmt::format("a duration from {} to {}", FormatDuration(least), FormatDuration(most)));
}

Result<std::string> ParseUrlFlag(std::string_view flag, std::string text) {
  if (!ParseHttpOrigin(text)) return Bad(flag, text, "a URL such as http://127.0.0.1:3000");
  while (text.ends_with('/')) text.pop_back();
  return text;
}

}  // namespace promheal::shop
