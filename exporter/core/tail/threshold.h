#pragma once

#include "common/base/time.h"
#include "exporter/core/tail/tail_model.h"

namespace promheal::anomaly {

// ln q: the tail probability at which the anomaly score is 1, so that one target, scored every
// `interval`, raises about `alerts_a_week` false alerts a week. What has this probability is that
// an episode begins in a sample (see episode_tail.h); hence a week's budget over its samples. At
// most ln 0.1.
double LogAlertProbability(double alerts_a_week, Duration interval);

// anomaly_score = ln p / ln q for evidence in nats: 0 for what is ordinary, 1 at the threshold, 2
// for what is twice as surprising. `evidence_tail` was fitted to the episodes of ordinary samples.
double CalibratedScore(const TailModel& evidence_tail, double evidence, double log_q);

// The evidence at which CalibratedScore is 1.
double EvidenceAtThreshold(const TailModel& evidence_tail, double log_q);

}  // namespace promheal::anomaly
