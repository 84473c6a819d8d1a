#pragma once

#include <string>
#include <vector>

#include "common/io/prometheus/prometheus_api.h"
#include "webhook/config/config.h"

namespace promheal::healing {

// What came of asking.
struct QueryFindings {
  std::vector<std::string> errors;    // Queries that Prometheus refuses.
  std::vector<std::string> warnings;  // Queries without an answer for some targets.
  size_t targets = 0;                 // How many are known.
};

// Asks Prometheus, as of `now`, all that the policies of a configuration ask, each about all
// targets that it may be about. Known are those of which alerts fire, and those that any of the
// queries finds when it is asked about all. Messages begin with `file`, line and column. An error
// where Prometheus cannot be asked.
Result<QueryFindings> CheckQueries(const HealingConfig& config, const std::string& file,
                                   PrometheusApi& prometheus, Time now);

}  // namespace promheal::healing
