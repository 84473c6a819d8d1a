#pragma once

#include <vector>

#include "common/io/http/http_server.h"
#include "common/io/log.h"
#include "services/load/load_generator.h"
#include "services/load/load_metrics.h"

namespace promheal::shop {

// /, /health, /metrics, GET /pattern (the current state) and POST /pattern?name=&duration=&factor=.
// All references must outlive the routes.
std::vector<HttpRoute> LoadRoutes(LoadGenerator& load, LoadMetrics& metrics, Logger& logger);

}  // namespace promheal::shop
