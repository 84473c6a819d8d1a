#pragma once

#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "webhook/core/incident.h"
#include "webhook/ledger/records.h"

namespace promheal::healing {

// Parses the answer of GET /api/v1/incidents: {"incidents": [...]}. kDataLoss if it is anything
// else.
Result<std::vector<Incident>> DecodeIncidentList(std::string_view json);

}  // namespace promheal::healing
