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

// Reads start,end[,target]: a header, then times as ParseTimeArgument takes them, and targets as
// TargetName writes them (between quotes where they hold a comma); an empty target means the whole
// fleet. Other columns are ignored. kInvalidArgument with the line, as `incidents.csv:3: ...`.
Result<std::vector<Incident>> ParseIncidents(const std::string& name, std::string_view text,
                                             Time now);

// What alerts said: per target, from its first to its last firing alert with gaps of less than
// kApartSteps. Alerts that rest on the score itself (scenario="anomaly") are no witnesses, and
// those without the target labels say nothing about a target. Errors: the query's.
Result<std::vector<Incident>> IncidentsFromAlerts(const ExporterConfig& config, PrometheusApi& api,
                                                  const Stretch& judged);

// Incidents that can be found or missed in the judged stretch: those that begin in it.
std::vector<Incident> IncidentsWithin(const std::vector<Incident>& incidents,
                                      const Stretch& judged);

}  // namespace promheal::anomaly
