#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/io/prometheus/prometheus_api.h"
#include "exporter/backtest/evaluation.h"
#include "exporter/backtest/replay.h"
#include "exporter/config/config.h"

namespace promheal::anomaly {

// Reads CSV with a header and the columns start, end and optionally target. Times are as for
// ParseTimeArgument. Targets are as TargetName writes them, in quotes if they contain a comma; an
// empty target means the whole fleet. Other columns are ignored. kInvalidArgument with the line,
// such as `incidents.csv:3: ...`.
Result<std::vector<Incident>> ParseIncidents(const std::string& name, std::string_view text,
                                             Time now);

// Incidents from the history of ALERTS: a target's incident lasts from its first to its last firing
// alert, with gaps of at most kApartSteps. Alerts from the score itself (scenario="anomaly") and
// alerts without the target labels do not count. Errors: that of the query.
Result<std::vector<Incident>> IncidentsFromAlerts(const ExporterConfig& config, PrometheusApi& api,
                                                  const Stretch& judged);

// The incidents that begin in the judged stretch; only these can be found or missed.
std::vector<Incident> IncidentsWithin(const std::vector<Incident>& incidents,
                                      const Stretch& judged);

}  // namespace promheal::anomaly
