#pragma once

#include "common/io/prometheus/prometheus_api.h"
#include "webhook/core/advance/advance.h"
#include "webhook/core/decision.h"

namespace promheal::healing {

// Asks Prometheus the queries of the conditions, as of `now`. The verdict is unknown if Prometheus
// does not answer, if data are partial, or if the alert lacks a label that a query needs; the text
// tells which.
Evidence Gather(const GatherEvidence& request, PrometheusApi& prometheus, Time now);

}  // namespace promheal::healing
