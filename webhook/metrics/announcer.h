#pragma once

#include "common/io/log.h"
#include "webhook/healer/healer.h"
#include "webhook/metrics/healing_metrics.h"

namespace promheal::healing {

// Logs and counts durable changes: a log line and a metric for each line of an incident's timeline,
// from the same words.
class Announcer final : public HealerListener {
 public:
  Announcer(HealingMetrics& metrics, Logger& logger) : metrics_(metrics), logger_(logger) {}

  void AlertAccepted(const AlertNotice& notice, AlertChange change) override;
  void Happened(const Incident& incident, const TimelineEvent& event) override;
  void FoundOrphan(const Orphan& orphan) override;
  void StormChanged(bool begins, const StormLimit& limit) override;
  void CarriedOut(const Order& order, const OrderReport& report) override;
  void WasFalseAlarm(const Incident& incident) override;
  void HeardWatchdog(Time now) override;

 private:
  void Count(const Incident& incident, const TimelineEvent& event);

  HealingMetrics& metrics_;
  Logger& logger_;
};

}  // namespace promheal::healing
