#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/time.h"

namespace promheal {

// A table for people. The first row holds the column titles. Every column but the last is as wide
// as its widest cell; two spaces separate columns.
std::string TextTable(const std::vector<std::vector<std::string>>& rows);

// `text` with "?" for control characters, which could move the cursor or colour a terminal.
std::string Printable(std::string_view text);

// "2026-11-21 21:53:27", in UTC.
std::string ClockText(Time time);

}  // namespace promheal
