#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/base/labels.h"
#include "common/base/result.h"
#include "common/io/clock.h"
#include "common/io/log.h"
#include "common/io/prometheus/prometheus_api.h"
#include "exporter/config/config.h"
#include "exporter/core/feature_table.h"

namespace promheal::anomaly {

// Prometheus' answers to all queries of a cycle.
struct Answers {
  std::vector<FeatureColumn> features;  // One a feature.
  std::map<Labels, double> impact;      // Target -> the largest share of requests hurt.
  // Series of training.exclude_when; nullopt if one of its queries failed.
  std::optional<std::vector<Labels>> excluded;
  int asked = 0;                   // Queries.
  int failed = 0;                  // Queries that failed.
  std::set<std::string> failures;  // Reasons, as metric labels: "timeout", "bad_query", ...
};

// All reasons that Answers::failures may contain.
const std::vector<std::string>& QueryFailureReasons();

// Whether any of `excluded` applies to `target`: the labels that both have are equal. Without a
// common label it applies to every target.
bool IsExcluded(const Labels& target, const std::vector<Labels>& excluded);

// Runs the feature, impact and exclusion queries of a configuration, one after the other. Logs when
// a query begins to fail and when it works again, not at every cycle. Thread safety: none.
class FeatureQueries {
 public:
  FeatureQueries(const ExporterConfig& config, PrometheusApi& api, const Clock& clock,
                 Logger& logger);

  // After an interval, queries that have not been asked count as failed ("deadline").
  Answers Ask(Time time);

 private:
  Result<std::vector<Sample>> RunQuery(const std::string& expr, Time time, Duration deadline,
                                       Answers& answers);
  void LogChanges(const Answers& answers);
  void LogChange(const std::string& expr, const std::string& before, const std::string& now);
  void AddImpact(const std::vector<Sample>& samples, Answers& answers) const;

  const ExporterConfig& config_;
  PrometheusApi& api_;
  const Clock& clock_;
  Logger& logger_;
  // Expression -> the fault of its answer; "" = no fault.
  std::map<std::string, std::string> complaints_;  // In this cycle.
  std::map<std::string, std::string> logged_;      // As logged last.
  bool logged_silence_ = false;
};

}  // namespace promheal::anomaly
