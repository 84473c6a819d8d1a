#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "webhook/core/alert.h"

namespace promheal::healing {

// Scenarios in order of precedence, the most serious first. The `scenario` label of an alert names
// one; an alert with an unlisted one comes after all listed, one without the label last.
using ScenarioPrecedence = std::vector<std::string>;

// crash, bad_instance, errors, latency, saturation, traffic_spike, traffic_drop, anomaly.
ScenarioPrecedence DefaultScenarioPrecedence();

// 0 is the most serious.
size_t ScenarioRank(const ScenarioPrecedence& precedence, std::string_view scenario);

// critical, warning, info, anything else: 0 to 3.
size_t SeverityRank(std::string_view severity);

// Whether an alert with labels `a` is more serious than one with labels `b`: by scenario, then by
// severity.
bool IsMoreSerious(const ScenarioPrecedence& precedence, const Labels& a, const Labels& b);

// The alert that names the incident: the most serious scenario, then the highest severity, then the
// earliest start, then the smallest key, so that the order of arrival never matters. Firing alerts
// come before resolved ones. Null for no alerts.
const AlertRecord* NamingAlert(const ScenarioPrecedence& precedence,
                               const std::vector<const AlertRecord*>& alerts);

}  // namespace promheal::healing
