#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "webhook/core/alert.h"

namespace promheal::healing {

// Scenarios in order of precedence, the most serious first. An alert's `scenario` label names its
// scenario; alerts with an unlisted scenario come after all listed, alerts without the label last.
using ScenarioPrecedence = std::vector<std::string>;

// crash, bad_instance, errors, latency, saturation, traffic_spike, traffic_drop, anomaly.
ScenarioPrecedence DefaultScenarioPrecedence();

// 0 is the most serious.
size_t ScenarioRank(const ScenarioPrecedence& precedence, std::string_view scenario);

// Whether an alert with labels `a` is more serious than an alert with labels `b`: by scenario, then
// by severity (critical, warning, info, any other).
bool IsMoreSerious(const ScenarioPrecedence& precedence, const Labels& a, const Labels& b);

// The alert that names the incident: the most serious scenario, then the highest severity, then the
// earliest start, then the smallest key, so that the order of arrival never matters. Firing alerts
// come before resolved ones. Null for no alerts.
const AlertRecord* NamingAlert(const ScenarioPrecedence& precedence,
                               const std::vector<const AlertRecord*>& alerts);

}  // namespace promheal::healing
