#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/time.h"

namespace promheal {

// A table for people: the first row is its head, all but the last column are as wide as their
// widest cell, two spaces stand between.
std::string TextTable(const std::vector<std::vector<std::string>>& rows);

// What others say must not move the cursor, or colour what follows.
std::string Printable(std::string_view text);

// "2026-11-21 21:53:27", UTC.
std::string ClockText(Time time);

}  // namespace promheal
