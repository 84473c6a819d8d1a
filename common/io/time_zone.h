#pragma once

#include <string>
#include <string_view>

#include "common/base/calendar.h"
#include "common/base/result.h"

namespace promheal {

// The system's table of a time zone such as Europe/Berlin, from `directory`, in the format of RFC
// 8536 with 64-bit times. Where the file's table ends its last line goes on, a rule for each year:
// in Debian's files that is in 2037, in "slim" ones (zic's default) once the rule holds. It is
// written out to the end of 2100; from then on clocks stay. "UTC" needs no file. kNotFound where
// there is no such zone, kDataLoss for what is no table or ends in no rule.
Result<Calendar> ReadTimeZone(const std::string& name,
                              const std::string& directory = "/usr/share/zoneinfo");

// The same from a file's content.
Result<Calendar> ParseTimeZone(std::string_view file);

}  // namespace promheal
