#pragma once

#include <optional>
#include <string_view>

namespace promheal::healing {

// What a PromQL query gives where it finds no data: 0 for `max(up{...} or vector(0))`. Nothing
// where that is no data, or not plain to see.
std::optional<double> FallbackOf(std::string_view query);

}  // namespace promheal::healing
