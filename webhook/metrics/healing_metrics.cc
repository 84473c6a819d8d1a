#include "webhook/metrics/healing_metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

namespace promheal::healing {
namespace {

using prometheus::Counter;
using prometheus::Family;
using prometheus::Gauge;
using prometheus::Histogram;
using prometheus::Registry;

double Seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

Family<Counter>& Counters(Registry& registry, const char* name, const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}

Gauge& OneGauge(Registry& registry, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

Histogram& OneHistogram(Registry& registry, const char* name, const char* help,
                        const Histogram::BucketBoundaries& buckets) {
  return prometheus::BuildHistogram().Name(name).Help(help).Register(registry).Add({}, buckets);
}

prometheus::Labels SeriesOf(const Incident& incident) {
  prometheus::Labels labels;
  for (const auto& [name, value] : incident.target) labels[name] = value;
  labels["scenario"] = incident.scenario;
  return labels;
}

}  // namespace

struct HealingMetrics::Families {
  std::shared_ptr<Registry> registry = std::make_shared<Registry>();
  Family<Counter>& deliveries =
      Counters(*registry, "healing_webhook_deliveries_total", "Deliveries of alerts, by result.");
  Family<Counter>& alerts =
      Counters(*registry, "healing_webhook_alerts_total",
               "Alerts in accepted deliveries, by status and by the change that "
               "they caused.");
  Counter& truncated = Counters(*registry, "healing_webhook_truncated_alerts_total",
                                "Alerts that the sender left out of its deliveries.")
                           .Add({});
  Family<Counter>& decisions =
      Counters(*registry, "healing_decisions_total",
               "Decisions, by reason; an unchanged repeat does not count.");
  Family<Counter>& actions = Counters(*registry, "healing_actions_total",
                                      "Actions, by name and by the result of the call.");
  Family<Counter>& verdicts = Counters(*registry, "healing_verdicts_total",
                                       "Actions, by the verdict of data about their effect.");
  Family<Counter>& closed =
      Counters(*registry, "healing_incidents_closed_total", "Closed incidents, by outcome.");
  Family<Counter>& false_alarms = Counters(*registry, "healing_false_alarms_total",
                                           "Incidents that a person marked as false alarms.");
  Family<Counter>& orders =
      Counters(*registry, "healing_webhook_orders_total", "Orders of people over HTTP, by result.");
  Histogram& time_to_act = OneHistogram(*registry, "healing_time_to_act_seconds",
                                        "From the first alert of an incident to its first intent.",
                                        {0.5, 1, 2, 5, 10, 30, 60, 120, 300, 900});
  Histogram& time_to_recover =
      OneHistogram(*registry, "healing_time_to_recover_seconds",
                   "From the first alert of an incident until data confirmed its recovery.",
                   {5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600});
  Histogram& commits =
      OneHistogram(*registry, "healing_webhook_ledger_commit_seconds",
                   "Duration of the ledger's successful commits.",
                   {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5});
  Counter& commit_failures = Counters(*registry, "healing_webhook_ledger_commit_failures_total",
                                      "Commits of the ledger that failed.")
                                 .Add({});
  Gauge& alertmanager_up = OneGauge(*registry, "healing_webhook_alertmanager_up",
                                    "1 if Alertmanager answered the last poll; 0 also if none is "
                                    "configured.");
  Gauge& alertmanager_timestamp =
      OneGauge(*registry, "healing_webhook_alertmanager_last_read_timestamp_seconds",
               "When Alertmanager last answered a poll, as Unix time.");
  Gauge& watchdog_timestamp =
      OneGauge(*registry, "healing_webhook_watchdog_last_received_timestamp_seconds",
               "When the alert that always fires last arrived, as Unix time; 0: never.");
  Gauge& reload_successful = OneGauge(*registry, "healing_webhook_config_last_reload_successful",
                                      "1 if the last loading of the configuration succeeded.");
  Gauge& reload_timestamp =
      OneGauge(*registry, "healing_webhook_config_last_reload_success_timestamp_seconds",
               "When the configuration was last loaded successfully.");
};

// Creates every known label value at the start, so that `increase` sees the first event.
HealingMetrics::HealingMetrics() : families_(std::make_unique<Families>()) {
  for (const char* result :
       {"accepted", "invalid", "unauthenticated", "too_large", "unavailable", "other"}) {
    families_->deliveries.Add({{"result", result}});
  }
  for (size_t i = 0; i < kDecisionReasonCount; ++i) {
    families_->decisions.Add({{"reason", std::string(ToString(static_cast<DecisionReason>(i)))}});
  }
  for (const OrderKind kind : {OrderKind::kPause, OrderKind::kResume, OrderKind::kFreeze,
                               OrderKind::kUnfreeze, OrderKind::kFalseAlarm, OrderKind::kRelease}) {
    for (const char* result : {"accepted", "invalid", "unauthenticated", "not_found", "too_large",
                               "unavailable", "other"}) {
      families_->orders.Add({{"order", std::string(ToString(kind))}, {"result", result}});
    }
  }
  for (const Outcome outcome : {Outcome::kHealed, Outcome::kRecovered, Outcome::kEscalated,
                                Outcome::kSuppressed, Outcome::kShadow}) {
    families_->closed.Add({{"outcome", std::string(ToString(outcome))}});
  }
}

HealingMetrics::~HealingMetrics() = default;

void HealingMetrics::CountDelivery(std::string_view result) {
  families_->deliveries.Add({{"result", std::string(result)}}).Increment();
}

void HealingMetrics::CountTruncated(int alerts) { families_->truncated.Increment(alerts); }

void HealingMetrics::CountAlert(AlertStatus status, AlertChange change) {
  families_->alerts
      .Add({{"status", std::string(ToString(status))}, {"change", std::string(ToString(change))}})
      .Increment();
}

void HealingMetrics::CountDecision(std::string_view reason) {
  families_->decisions.Add({{"reason", std::string(reason)}}).Increment();
}

void HealingMetrics::CountAction(const std::string& action, const std::string& result) {
  families_->actions.Add({{"action", action}, {"result", result}}).Increment();
}

void HealingMetrics::CountVerdict(const Incident& incident, const std::string& action,
                                  const std::string& verdict) {
  prometheus::Labels labels = SeriesOf(incident);
  labels["action"] = action;
  labels["verdict"] = verdict;
  families_->verdicts.Add(labels).Increment();
}

void HealingMetrics::CountClosed(Outcome outcome) {
  families_->closed.Add({{"outcome", std::string(ToString(outcome))}}).Increment();
}

void HealingMetrics::CountFalseAlarm(const Incident& incident) {
  families_->false_alarms.Add(SeriesOf(incident)).Increment();
}

void HealingMetrics::CountOrder(OrderKind kind, std::string_view result) {
  families_->orders.Add({{"order", std::string(ToString(kind))}, {"result", std::string(result)}})
      .Increment();
}

void HealingMetrics::ObserveTimeToAct(Duration duration) {
  families_->time_to_act.Observe(Seconds(duration));
}

void HealingMetrics::ObserveTimeToRecover(Duration duration) {
  families_->time_to_recover.Observe(Seconds(duration));
}

void HealingMetrics::ObserveCommit(Duration duration, bool succeeded) {
  if (succeeded) {
    families_->commits.Observe(Seconds(duration));
  } else {
    families_->commit_failures.Increment();
  }
}

void HealingMetrics::SetAlertmanager(bool answers, Time now) {
  families_->alertmanager_up.Set(answers ? 1 : 0);
  if (answers) families_->alertmanager_timestamp.Set(ToUnixSeconds(now));
}

void HealingMetrics::SetWatchdog(Time now) {
  families_->watchdog_timestamp.Set(ToUnixSeconds(now));
}

void HealingMetrics::SetReload(bool successful, Time now) {
  families_->reload_successful.Set(successful ? 1 : 0);
  if (successful) families_->reload_timestamp.Set(ToUnixSeconds(now));
}

std::shared_ptr<prometheus::Collectable> HealingMetrics::collectable() const {
  return families_->registry;
}

}  // namespace promheal::healing
