#pragma once

#include <optional>
#include <string_view>

namespace promheal::healing {

// The value of a PromQL query that finds no data: 0 for `max(up{...} or vector(0))`. nullopt if it
// has none, or if that is not obvious from the query.
std::optional<double> FallbackOf(std::string_view query);

}  // namespace promheal::healing
