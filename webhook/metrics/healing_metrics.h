#pragma once

#include <prometheus/collectable.h>

#include <memory>
#include <string>
#include <string_view>

#include "common/base/time.h"
#include "webhook/core/alert.h"
#include "webhook/core/decision.h"
#include "webhook/core/incident.h"
#include "webhook/core/order.h"

namespace promheal::healing {

// Counters of the healer. Its state (open incidents, frozen targets, ...) is collected from the
// published snapshot instead: see healing_collector.h.
// Thread safety: any thread.
class HealingMetrics {
 public:
  HealingMetrics();
  ~HealingMetrics();

  void CountDelivery(std::string_view result);
  void CountTruncated(int alerts);
  void CountAlert(AlertStatus status, AlertChange change);
  void CountDecision(std::string_view reason);
  void CountAction(const std::string& action, const std::string& result);
  void CountVerdict(const Incident& incident, const std::string& action,
                    const std::string& verdict);
  void CountClosed(Outcome outcome);
  void CountFalseAlarm(const Incident& incident);
  void CountOrder(OrderKind kind, std::string_view result);
  void ObserveTimeToAct(Duration duration);
  void ObserveTimeToRecover(Duration duration);
  void ObserveCommit(Duration duration, bool succeeded);
  void SetAlertmanager(bool answers, Time now);
  void SetReload(bool successful, Time now);
  void SetWatchdog(Time now);

  std::shared_ptr<prometheus::Collectable> collectable() const;

 private:
  struct Families;
  std::unique_ptr<Families> families_;
};

}  // namespace promheal::healing
