#pragma once

#include <optional>
#include <string>

namespace promheal::support {

// What `promtool check metrics` has to say about `text`: "" where it is content, nothing where
// there is no promtool under $PROMHEAL_TOOLS/usr/bin nor in PATH.
std::optional<std::string> CheckMetrics(const std::string& text);

inline constexpr char kNoPromtool[] =
    "no promtool: set PROMHEAL_TOOLS to where Debian's prometheus is unpacked";

}  // namespace promheal::support
