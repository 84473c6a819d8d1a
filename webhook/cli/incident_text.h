#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/time.h"
#include "webhook/core/incident.h"

namespace promheal::healing {

// For a terminal, in UTC. What came from alerts is printed without control characters.

// A line an incident under a head, columns aligned; says so where there are none.
std::string IncidentTable(const std::vector<Incident>& incidents, Time now);

// Who and what, how it ended, and each step with the seconds since it opened.
std::string Explanation(const Incident& incident);

}  // namespace promheal::healing
