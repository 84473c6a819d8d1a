#pragma once

#include <string>
#include <string_view>

#include "common/base/calendar.h"
#include "common/base/result.h"

namespace promheal {

// Reads a time zone such as Europe/Berlin from the system's files: RFC 8536, 64-bit times. After
// the last listed change, the rule in the file's last line holds: from 2037 in Debian's "fat"
// files, from the rule's first year in "slim" files, zic's default. The table follows the rule
// until 2100 and stays constant afterwards. "UTC" needs no file. Errors: kNotFound for an unknown
// zone, kDataLoss for a damaged file.
//
// Not libcctz: version 2.3 in Debian 12 misreads the slim files of 15 zones, such as Europe/Lisbon
// (an hour off every winter) and America/Nuuk (refused), and gives no reasons for errors.
Result<Calendar> ReadTimeZone(const std::string& name,
                              const std::string& directory = "/usr/share/zoneinfo");

// Reads a time zone from a file's content.
Result<Calendar> ParseTimeZone(std::string_view file);

}  // namespace promheal
