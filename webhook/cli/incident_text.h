#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/time.h"
#include "webhook/core/incident.h"

namespace promheal::healing {

// Text for a terminal, with times in UTC. Texts from alerts are printed without control characters.

// A table with a header and a line for each incident, or a sentence if there are none.
std::string IncidentTable(const std::vector<Incident>& incidents, Time now);

// The target, the outcome, and each event with the seconds since the incident opened.
std::string Explanation(const Incident& incident);

}  // namespace promheal::healing
