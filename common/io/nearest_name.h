#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace promheal {

// The candidate that `name` is most likely a slip of: at most one edit in three characters away,
// where an edit is a character more, less, other, or two neighbours swapped; case does not count.
// "" where none is that near; the earlier of equals.
std::string NearestName(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace promheal
