#include "exporter/core/tail/threshold.h"

#include <algorithm>
#include <cmath>

namespace promheal::anomaly {
namespace {

constexpr double kLargestProbability = 0.1;

}  // namespace

double LogAlertProbability(double alerts_a_week, Duration interval) {
  const double samples_a_week = std::chrono::duration<double>(std::chrono::weeks(1)) /
                                std::chrono::duration<double>(interval);
  return std::log(std::min(alerts_a_week / samples_a_week, kLargestProbability));
}

double CalibratedScore(const TailModel& evidence_tail, double evidence, double log_q) {
  return LogSurvival(evidence_tail, evidence) / log_q;
}

double EvidenceAtThreshold(const TailModel& evidence_tail, double log_q) {
  return TailQuantile(evidence_tail, log_q);
}

}  // namespace promheal::anomaly
