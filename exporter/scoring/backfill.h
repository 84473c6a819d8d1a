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
  int rows = 0;  // Added over all targets.
};

// Feeds history from `start` to `end` (multiples of the interval) to the fleet, so that models
// exist at once: a target without a model gets it as rows to learn from, less what were clearly
// incidents; one with a model lives through it as if it had run, learning only what was ordinary.
// Errors: the first query's that fails; what came before it stays.
Result<BackfillReport> Backfill(const ExporterConfig& config, PrometheusApi& api, Time start,
                                Time end, Fleet& fleet);

}  // namespace promheal::anomaly
