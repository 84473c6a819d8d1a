#pragma once

#include "common/io/http/http_server.h"
#include "webhook/state/healing_snapshot.h"

namespace promheal::healing {

// GET /api/v1/incidents: {"incidents": [...]}, open incidents first, then closed ones, each newest
// first; ?state=open or ?state=closed selects. GET /api/v1/incidents/ID: one incident. `events` has
// an incident's whole history; the fields are those of the ledger (records.h).
std::vector<HttpRoute> IncidentRoutes(const PublishedSnapshot& published);

}  // namespace promheal::healing
