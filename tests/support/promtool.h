#pragma once

#include <optional>
#include <string>

namespace promheal::support {

// The complaints of `promtool check metrics` about `text`: "" if there are none; nullopt if
// promtool is neither under $PROMHEAL_TOOLS/usr/bin nor in PATH.
std::optional<std::string> CheckMetrics(const std::string& text);

inline constexpr char kNoPromtool[] =
    "no promtool: set PROMHEAL_TOOLS to where Debian's prometheus is unpacked";

}  // namespace promheal::support
