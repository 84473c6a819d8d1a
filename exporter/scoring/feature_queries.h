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

// What Prometheus said to all that a cycle asks, about one time.
struct Answers {
  std::vector<FeatureColumn> features;          // One a feature.
  std::map<Labels, double> impact;              // By target: the largest share of requests hurt.
  std::optional<std::vector<Labels>> excluded;  // Who must not learn; nothing = not known.
  int asked = 0;
  int failed = 0;
  std::set<std::string> failures;  // Reasons, as metric labels: "timeout", "bad_query", ...
};

// All reasons that Answers::failures can hold.
const std::vector<std::string>& QueryFailureReasons();

// True where one of `excluded` says something about `target`: all of its labels that the target
// has, too, are the same. Without any label in common it is about every target.
bool IsExcluded(const Labels& target, const std::vector<Labels>& excluded);

// Asks the feature, impact and exclusion queries of a configuration, one after the other. What
// fails is logged when it begins to fail and when it works again, not at every cycle. Thread
// safety: none.
class FeatureQueries {
 public:
  FeatureQueries(const ExporterConfig& config, PrometheusApi& api, const Clock& clock,
                 Logger& logger);

  // Once one interval has passed, what was not asked yet counts as failed ("deadline").
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
  // Expression -> what is wrong with its answer; "" = nothing.
  std::map<std::string, std::string> complaints_;  // Of this cycle.
  std::map<std::string, std::string> logged_;
  bool logged_silence_ = false;
};

}  // namespace promheal::anomaly
