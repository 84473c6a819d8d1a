#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/time_interval.h"
#include "common/io/yaml/yaml_schema.h"
#include "common/io/yaml/yaml_writer.h"

namespace promheal {

// Reads a list of time intervals as Alertmanager writes them, so that they can be copied:
//   - times: [{start_time: "22:00", end_time: "24:00"}]
//     weekdays: ["monday:friday"]
//     days_of_month: ["1:7", "-1"]
//     months: [december, "1:2"]
//     years: ["2026:2028"]
//     location: Europe/Berlin
// Beyond Alertmanager's, weekdays and months may pass the end of the week and of the year, as
// "saturday:monday". At least one interval is expected, and each must say something. What is wrong
// is reported to the document.
void ReadTimeIntervals(YamlMap& map, std::string_view key, std::vector<TimeInterval>* intervals);

// Writes them so that ReadTimeIntervals reads the same.
void WriteTimeIntervals(std::string_view key, const std::vector<TimeInterval>& intervals,
                        YamlWriter& writer);

// The name of a time zone, and the table of what its clocks show.
void ReadTimeZoneOption(YamlMap& map, std::string_view key, std::string* name, Calendar* calendar);

}  // namespace promheal
