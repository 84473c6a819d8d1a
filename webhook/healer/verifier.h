#pragma once

#include "common/io/prometheus/prometheus_api.h"
#include "webhook/core/advance/advance.h"
#include "webhook/core/decision.h"

namespace promheal::healing {

// Asks Prometheus what the conditions ask, as of `now`. Prometheus not answering, partial data, a
// label that a query needs and the alert lacks: all of that is unknown, and the text says which.
Evidence Gather(const GatherEvidence& request, PrometheusApi& prometheus, Time now);

}  // namespace promheal::healing
