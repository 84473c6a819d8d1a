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
  MetricFamily family = Family("healing_target_frozen",
                               "1 for a target that is left alone until a human has looked.");
  for (const FrozenRecord& frozen : snapshot.frozen) {
    family.metric.push_back(Gauge(1, frozen.target));
  }
  return family;
}

MetricFamily Paused(const HealingSnapshot& snapshot) {
  MetricFamily family =
      Family("healing_paused", "1 while a person has paused healing: nothing is started.");
  family.metric.push_back(Gauge(snapshot.paused ? 1 : 0));
  return family;
}

// Several of one action on one target, such as two spare slots, count as the one that is most in
// force.
MetricFamily ActiveOverrides(const HealingSnapshot& snapshot) {
  std::map<Labels, double> shares;
  for (const auto& incident : snapshot.open) {
    for (const HeldOverride& one : incident->overrides) {
      if (!MayBeInForce(one)) continue;
      Labels labels = one.held.target;
      labels.Set("action", one.action);
      shares[labels] = std::max(shares[labels], one.held.percent / 100.0);
    }
  }
  MetricFamily family = Family("healing_override_active",
                               "What is held in force on a target, 0 to 1 (in full), until it is "
                               "known to be gone.");
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
                               "1 for what is in force at a gateway, but on no record of ours: set "
                               "by a person, or by a healer whose ledger is lost.");
  for (const Labels& labels : places) family.metric.push_back(Gauge(1, labels));
  return family;
}

MetricFamily GatewaysUp(const HealingSnapshot& snapshot) {
  MetricFamily family = Family("healing_webhook_gateway_up",
                               "Whether the gateway answered when what it holds in force was last "
                               "compared with what is on record.");
  for (const auto& [gateway, look] : snapshot.gateways) {
    family.metric.push_back(Gauge(look.answers ? 1 : 0, Labels{{"gateway", gateway}}));
  }
  return family;
}

MetricFamily GatewaysRead(const HealingSnapshot& snapshot) {
  MetricFamily family = Family("healing_webhook_gateway_last_read_timestamp_seconds",
                               "When it was last compared, as Unix time; 0: never yet.");
  for (const auto& [gateway, look] : snapshot.gateways) {
    family.metric.push_back(Gauge(ToUnixSeconds(look.last_read), Labels{{"gateway", gateway}}));
  }
  return family;
}

MetricFamily BudgetsLeft(const HealingSnapshot& snapshot) {
  MetricFamily family = Family("healing_budget_left",
                               "How many more actions a budget allows; of groups only where "
                               "something was spent.");
  for (const BudgetLeft& one : snapshot.reserves.budgets) {
    Labels labels{{"budget", one.budget}};
    if (!one.group.empty()) labels.Set("group", one.group);
    family.metric.push_back(Gauge(one.left, labels));
  }
  return family;
}

MetricFamily Storm(const HealingSnapshot& snapshot) {
  MetricFamily family =
      Family("healing_storm", "Whether so much goes wrong at once that nothing is begun.");
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
    MetricFamily works =
        Family("healing_webhook_ledger_up", "Whether the last step became durable.");
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
