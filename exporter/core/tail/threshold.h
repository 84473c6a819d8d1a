#pragma once

#include "common/base/time.h"
#include "exporter/core/tail/tail_model.h"

namespace promheal::anomaly {

// ln q: the log probability at which the anomaly score is 1, so that a target scored every
// `interval` raises about `alerts_a_week` false alerts a week. q is the probability that an episode
// begins in a sample (episode_tail.h): the week's budget divided by the week's samples. At most ln
// 0.1.
double LogAlertProbability(double alerts_a_week, Duration interval);

// The score ln p / ln q of evidence in nats: 0 for ordinary samples, 1 at the threshold, 2 for
// twice the surprise. `evidence_tail` was fitted to episodes of ordinary samples.
double CalibratedScore(const TailModel& evidence_tail, double evidence, double log_q);

// The evidence at which CalibratedScore is 1.
double EvidenceAtThreshold(const TailModel& evidence_tail, double log_q);

}  // namespace promheal::anomaly
