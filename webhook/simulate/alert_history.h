#pragma once

#include <vector>

#include "common/base/result.h"
#include "common/io/prometheus/prometheus_api.h"
#include "webhook/alerts/recorded_payloads.h"

namespace promheal::healing {

// Reads the alerts of a range of time from Prometheus' ALERTS{alertstate="firing",
// healing="promheal"}, as deliveries: an alert fires at its first sample and resolves a step after
// its last one. Prometheus keeps no annotations.
Result<std::vector<RecordedDelivery>> AlertHistory(PrometheusApi& prometheus, Time from, Time to);

}  // namespace promheal::healing
