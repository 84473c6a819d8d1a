#include "webhook/metrics/healing_collector.h"

#include <prometheus/client_metric.h>
#include <prometheus/metric_family.h>
#include <prometheus/metric_type.h>

#include <algorithm>
#include <map>
#include <set>

namespace promheal::healing {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

ClientMetric Gauge(double value, const Labels& labels = {}) {
  ClientMetric metric;
  for (const auto& [name, label] : labels) metric.label.push_back({name, label});
  metric.gauge.value = value;
  return metric;
}

MetricFamily Family(const char* name, const char* help) {
  return {name, help, MetricType::Gauge, {}};
}

MetricFamily IncidentsByState(const HealingSnapshot& snapshot) {
  std::map<IncidentState, int> count;
  for (const auto& incident : snapshot.open) ++count[incident->state];
  MetricFamily family = Family("healing_incidents", "Open incidents, by state.");
  for (const IncidentState state : kAllIncidentStates) {
    if (state == IncidentState::kClosed) continue;
    family.metric.push_back(Gauge(count[state], Labels{{"state", std::string(ToString(state))}}));
  }
  return family;
}

MetricFamily ActionsInFlight(const HealingSnapshot& snapshot) {
  int in_flight = 0;
  for (const auto& incident : snapshot.open) in_flight += IsActionInFlight(incident->state) ? 1 : 0;
  MetricFamily family = Family("healing_action_in_flight",
                               "Actions under way, from their intent until their verdict.");
  family.metric.push_back(Gauge(in_flight));
  return family;
}

MetricFamily FrozenTargets(const HealingSnapshot& snapshot) {
  MetricFamily family =
      Family("healing_target_frozen",
             "1 for a target that the healer leaves alone until a person has looked.");
  for (const FrozenRecord& frozen : snapshot.frozen) {
    family.metric.push_back(Gauge(1, frozen.target));
  }
  return family;
}

MetricFamily Paused(const HealingSnapshot& snapshot) {
  MetricFamily family =
      Family("healing_paused", "1 while healing is paused by a person: no action is started.");
  family.metric.push_back(Gauge(snapshot.paused ? 1 : 0));
  return family;
}

// Overrides of the same action on the same target, such as two spare slots, count once, with the
// largest share.
MetricFamily ActiveOverrides(const HealingSnapshot& snapshot) {
  std::map<Labels, double> shares;
  for (const auto& incident : snapshot.open) {
    for (const HeldOverride& override : incident->overrides) {
      if (!MayBeInForce(override)) continue;
      Labels labels = override.held.target;
      labels.Set("action", override.action);
      shares[labels] = std::max(shares[labels], override.held.percent / 100.0);
    }
  }
  MetricFamily family = Family("healing_override_active",
                               "The share of an override in force on a target, 0 to 1 (in full), "
                               "until it is known to be gone.");
  for (const auto& [labels, share] : shares) family.metric.push_back(Gauge(share, labels));
  return family;
}

MetricFamily OrphanedOverrides(const HealingSnapshot& snapshot) {
  std::set<Labels> places;
  for (const Orphan& orphan : snapshot.orphans) {
    Labels labels = orphan.target;
    labels.Set("gateway", orphan.keeper);
    labels.Set("place", orphan.subject);
    places.insert(labels);
  }
  MetricFamily family = Family("healing_override_orphaned",
                               "1 for an override at a gateway that is on no record: set by a "
                               "person, or by a healer whose ledger is lost.");
  for (const Labels& labels : places) family.metric.push_back(Gauge(1, labels));
  return family;
}

MetricFamily GatewaysUp(const HealingSnapshot& snapshot) {
  MetricFamily family = Family("healing_webhook_gateway_up",
                               "Whether the gateway answered when its overrides were last compared "
                               "with those on record.");
  for (const auto& [gateway, look] : snapshot.gateways) {
    family.metric.push_back(Gauge(look.answers ? 1 : 0, Labels{{"gateway", gateway}}));
  }
  return family;
}

MetricFamily GatewaysRead(const HealingSnapshot& snapshot) {
  MetricFamily family = Family("healing_webhook_gateway_last_read_timestamp_seconds",
                               "When the gateway was last compared, as Unix time; 0: never.");
  for (const auto& [gateway, look] : snapshot.gateways) {
    family.metric.push_back(Gauge(ToUnixSeconds(look.last_read), Labels{{"gateway", gateway}}));
  }
  return family;
}

MetricFamily BudgetsLeft(const HealingSnapshot& snapshot) {
  MetricFamily family = Family("healing_budget_left",
                               "How many more actions a budget allows; only for groups with a "
                               "recent action.");
  for (const BudgetLeft& budget : snapshot.reserves.budgets) {
    Labels labels{{"budget", budget.budget}};
    if (!budget.group.empty()) labels.Set("group", budget.group);
    family.metric.push_back(Gauge(budget.left, labels));
  }
  return family;
}

MetricFamily Storm(const HealingSnapshot& snapshot) {
  MetricFamily family =
      Family("healing_storm",
             "1 while a storm lasts: too many incidents opened at once, so no action is started.");
  family.metric.push_back(Gauge(snapshot.reserves.storm ? 1 : 0));
  return family;
}

class HealingCollector final : public prometheus::Collectable {
 public:
  HealingCollector(const PublishedSnapshot& published, const Inbox& inbox,
                   const LedgerHealth& health)
      : published_(published), inbox_(inbox), health_(health) {}

  std::vector<MetricFamily> Collect() const override {
    const auto snapshot = published_.Get();
    MetricFamily depth = Family("healing_webhook_queue_depth",
                                "Deliveries that wait for the worker and its next commit.");
    depth.metric.push_back(Gauge(static_cast<double>(inbox_.depth())));
    MetricFamily works = Family("healing_webhook_ledger_up", "1 if the last step became durable.");
    works.metric.push_back(Gauge(health_.problem().empty() ? 1 : 0));
    return {IncidentsByState(*snapshot),
            ActionsInFlight(*snapshot),
            FrozenTargets(*snapshot),
            BudgetsLeft(*snapshot),
            Storm(*snapshot),
            Paused(*snapshot),
            std::move(depth),
            std::move(works),
            ActiveOverrides(*snapshot),
            OrphanedOverrides(*snapshot),
            GatewaysUp(*snapshot),
            GatewaysRead(*snapshot)};
  }

 private:
  const PublishedSnapshot& published_;
  const Inbox& inbox_;
  const LedgerHealth& health_;
};

}  // namespace

std::shared_ptr<prometheus::Collectable> MakeHealingCollector(const PublishedSnapshot& published,
                                                              const Inbox& inbox,
                                                              const LedgerHealth& health) {
  return std::make_shared<HealingCollector>(published, inbox, health);
}

}  // namespace promheal::healing
