#pragma once

#include <string>
#include <string_view>

#include "common/base/calendar.h"
#include "common/base/result.h"

namespace promheal {

// The system's table of a time zone such as Europe/Berlin, from `directory`, in the format of RFC
// 8536 with 64-bit times. It ends where the table does: in Debian's files with the year 2037.
// "UTC" needs no file. kNotFound where there is no such zone, kDataLoss for what is no table.
Result<Calendar> ReadTimeZone(const std::string& name,
                              const std::string& directory = "/usr/share/zoneinfo");

// The table in a file's content.
Result<Calendar> ParseTimeZone(std::string_view file);

}  // namespace promheal
