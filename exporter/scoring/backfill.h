#pragma once

#include "common/base/result.h"
#include "common/base/time.h"
#include "common/io/prometheus/prometheus_api.h"
#include "exporter/config/config.h"
#include "exporter/scoring/fleet.h"
#include "exporter/scoring/history.h"

namespace promheal::anomaly {

struct BackfillReport {
  int targets = 0;
  int rows = 0;  // Rows added, over all targets.
};

// Feeds history from `start` to `end` (multiples of the interval) to the fleet, so that models
// exist at once. A target without a model gets its history as rows to learn from. A target with a
// model scores its history as if the exporter had run, and learns only from ordinary rows. Errors:
// that of the first query that fails; rows fed before it stay.
Result<BackfillReport> Backfill(const ExporterConfig& config, PrometheusApi& api, Time start,
                                Time end, Fleet& fleet);

}  // namespace promheal::anomaly
