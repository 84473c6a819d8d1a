#pragma once

#include <vector>

#include "common/base/result.h"
#include "common/io/prometheus/prometheus_api.h"
#include "webhook/alerts/recorded_payloads.h"

namespace promheal::healing {

// The alerts of a range of time as they would have been delivered, from Prometheus'
// ALERTS{alertstate="firing",healing="promheal"}: each fires with its first sample and is resolved
// a step after its last one. Annotations are not kept by Prometheus.
Result<std::vector<RecordedDelivery>> AlertHistory(PrometheusApi& prometheus, Time from, Time to);

}  // namespace promheal::healing
