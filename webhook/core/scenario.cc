#include "webhook/core/scenario.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace promheal::healing {
namespace {

size_t SeverityRank(std::string_view severity) {
  if (severity == "critical") return 0;
  if (severity == "warning") return 1;
  return severity == "info" ? 2 : 3;
}

}  // namespace

ScenarioPrecedence DefaultScenarioPrecedence() {
  return {"crash",      "bad_instance",  "errors",       "latency",
          "saturation", "traffic_spike", "traffic_drop", "anomaly"};
}

size_t ScenarioRank(const ScenarioPrecedence& precedence, std::string_view scenario) {
  if (scenario.empty()) return precedence.size() + 1;
  const auto it = std::find(precedence.begin(), precedence.end(), scenario);
  return static_cast<size_t>(it - precedence.begin());
}

bool IsMoreSerious(const ScenarioPrecedence& precedence, const Labels& a, const Labels& b) {
  const auto rank = [&](const Labels& labels) {
    return std::make_pair(ScenarioRank(precedence, labels.Get("scenario")),
                          SeverityRank(labels.Get("severity")));
  };
  return rank(a) < rank(b);
}

const AlertRecord* NamingAlert(const ScenarioPrecedence& precedence,
                               const std::vector<const AlertRecord*>& alerts) {
  const auto rank = [&](const AlertRecord* alert) {
    return std::make_tuple(!IsFiring(*alert),
                           ScenarioRank(precedence, alert->labels.Get("scenario")),
                           SeverityRank(alert->labels.Get("severity")), alert->starts_at,
                           AlertKey(alert->source, alert->fingerprint));
  };
  const auto it = std::min_element(
      alerts.begin(), alerts.end(),
      [&](const AlertRecord* a, const AlertRecord* b) { return rank(a) < rank(b); });
  return it == alerts.end() ? nullptr : *it;
}

}  // namespace promheal::healing
