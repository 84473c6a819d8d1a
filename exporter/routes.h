#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/io/clock.h"
#include "common/io/http/http_server.h"
#include "common/io/published.h"
#include "common/io/reload_requests.h"
#include "exporter/exporter_metrics.h"
#include "exporter/scoring/snapshot.h"

namespace promheal::anomaly {

// Sources of the pages. All must outlive the server.
struct PageSources {
  const Published<Snapshot>& snapshot;
  const Published<std::string>& config_yaml;  // The page /config.
  const ExporterMetrics& metrics;
  const Clock& clock;
  ReloadRequests& reloads;
  bool enable_lifecycle = false;  // POST /-/reload and /-/quit; otherwise 403.
};

// /, /metrics, /config, /-/healthy, /-/ready, /-/reload, /-/quit.
std::vector<HttpRoute> ExporterRoutes(const PageSources& sources);

}  // namespace promheal::anomaly
