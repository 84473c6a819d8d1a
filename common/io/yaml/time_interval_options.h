#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/time_interval.h"
#include "common/io/yaml/yaml_schema.h"
#include "common/io/yaml/yaml_writer.h"

namespace promheal {

// Reads a list of time intervals in Alertmanager's syntax, so that people can copy them:
//   - times: [{start_time: "22:00", end_time: "24:00"}]
//     weekdays: ["monday:friday"]
//     days_of_month: ["1:7", "-1"]
//     months: [december, "1:2"]
//     years: ["2026:2028"]
//     location: Europe/Berlin
// Unlike in Alertmanager, weekdays and months may wrap around, as in "saturday:monday". An empty
// list and an interval without any limit are errors. Adds all errors to the document.
void ReadTimeIntervals(YamlMap& map, std::string_view key, std::vector<TimeInterval>* intervals);

// Writes them so that ReadTimeIntervals reads the same.
void WriteTimeIntervals(std::string_view key, const std::vector<TimeInterval>& intervals,
                        YamlWriter& writer);

// Reads the name of a time zone and loads its offsets.
void ReadTimeZoneOption(YamlMap& map, std::string_view key, std::string* name, Calendar* calendar);

}  // namespace promheal
