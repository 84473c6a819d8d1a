#pragma once

#include "common/io/http/http_server.h"
#include "webhook/state/healing_snapshot.h"

namespace promheal::healing {

// GET /api/v1/incidents: {"incidents": [...]}, open ones first, then closed ones, newest first;
// with ?state=open or ?state=closed only those. GET /api/v1/incidents/ID: one of them. Each has its
// whole history under `events`; the fields are those of the ledger (records.h).
std::vector<HttpRoute> IncidentRoutes(const PublishedSnapshot& published);

}  // namespace promheal::healing
