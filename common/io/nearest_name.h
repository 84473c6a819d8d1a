#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace promheal {

// The candidate that a person who typed `name` most likely meant: within one edit per three
// characters, ignoring case. An edit adds, removes or replaces a character, or swaps two
// neighbours.
// "" if no candidate is that near. Of equally near candidates, the first wins.
std::string NearestName(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace promheal
