#pragma once

#include <string>
#include <vector>

#include "common/io/prometheus/prometheus_api.h"
#include "webhook/config/config.h"

namespace promheal::healing {

// The findings of CheckQueries.
struct QueryFindings {
  std::vector<std::string> errors;    // Queries that Prometheus refuses.
  std::vector<std::string> warnings;  // Queries without an answer for some targets.
  size_t targets = 0;                 // How many targets are known.
};

// Asks Prometheus, as of `now`, every query of the policies about every known target that its
// policy may be about. Known targets are those that an alert fires for, and those that a query
// finds when it is asked without its target. Messages begin with `file`, line and column. An error
// if Prometheus cannot be asked.
Result<QueryFindings> CheckQueries(const HealingConfig& config, const std::string& file,
                                   PrometheusApi& prometheus, Time now);

}  // namespace promheal::healing
