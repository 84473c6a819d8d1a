#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/base/time.h"

namespace promheal::shop {

// Read a flag's value and check its bounds (included).
Result<size_t> ParseCountFlag(std::string_view flag, const std::string& text, size_t least,
                              size_t most);
Result<double> ParseNumberFlag(std::string_view flag, const std::string& text, double least,
                               double most);
Result<Duration> ParseDurationFlag(std::string_view flag, const std::string& text, Duration least,
                                   Duration most);
// An http URL, returned without a slash at its end.
Result<std::string> ParseUrlFlag(std::string_view flag, std::string text);

}  // namespace promheal::shop
