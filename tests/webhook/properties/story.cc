#include "tests/webhook/properties/story.h"

#include <utility>

namespace promheal::healing::samples {
namespace {

using namespace std::chrono_literals;

PolicySet StoryPolicies() {
  PolicySet set = Policies();
  const Hold hold{.at_least = 10s, .at_most = 1min, .release = {20}, .step = 8s};
  set.policies[1].ladder[0].hold = hold;  // A throttle.
  set.policies.push_back(PolicyFor("errors", {"breaker", "restart"}));
  set.policies[2].ladder[0].hold = hold;
  set.policies[2].ladder[0].hold->release = {90, 50};
  set.policies[2].ladder[0].probe = true;
  set.policies.push_back(PolicyFor("slot", {"drain", "restart"}));  // A drain does not expire.
  set.policies[3].ladder[0].hold = hold;
  set.policies[3].ladder[0].hold->release = {};
  set.scenarios.push_back("slot");
  set.unconfirmed_after = 2min;
  set.maintenance = {Deploys(kMaintenanceFrom, kMaintenanceUntil, {{"service", kInMaintenance}})};
  set.budgets.per_hour = 4;
  set.budgets.per_hour_per_group = 3;
  return set;
}

struct Trouble {
  const char* scenario;
  int eased_by;
  std::vector<std::string> healed_by;
};

const std::vector<Trouble> kTroubles = {
    {"crash", 0, {"restart"}},
    {"crash", 0, {}},
    {"latency", 40, {}},
    {"latency", 20, {"restart"}},
    {"latency", 0, {"scale_out"}},
    {"errors", 0, {"restart"}},
    {"latency", 0, {}},
    {"slot", 0, {}},
};

std::string SlotOf(const std::string& service) { return service + "-1"; }

}  // namespace

Story::Story() : policies_(StoryPolicies()), world_(HoldingConfig(gateway_, policies_), gateway_) {
  gateway_->before_write = [this](const auto& place, const auto& value) { SeeWrite(place, value); };
  world_.on_alert = [this](const AlertNotice& notice, AlertChange) { SeeAlert(notice); };
  world_.on_event = [this](const auto& incident, const auto& event) { SeeEvent(incident, event); };
}

std::vector<Violation> Story::Tell(const History& history) {
  for (const Event& event : history) Tell(event);
  CheckDeadHealer();
  End();
  CheckEnd();
  return std::move(violations_);
}

void Story::Tell(const Event& event) {
  Happen(event);
  ShowAlertmanager();
  world_.Run(event.then);
  SeePerformed();
}

void Story::Happen(const Event& event) {
  const std::string& service = kServices[static_cast<size_t>(event.service)];
  switch (event.happening) {
    case Happening::kBreak:
      return Break(service, event.value);
    case Happening::kRecover:
      world_.service(service).healthy = true;
      return;
    case Happening::kAlert:
      return Alert(service, ScenarioOf(event), 1 + event.value % 3);
    case Happening::kResolve:
      return Resolve(service);
    case Happening::kLoseData:
      world_.service(service).has_data = false;
      no_data_since_.emplace(service, Elapsed());
      return;
    case Happening::kFindData:
      world_.service(service).has_data = true;
      no_data_since_.erase(service);
      return;
    case Happening::kExecutorFails:
      world_.next_result = event.value % 2 == 0 ? ActionResult::kFailed : ActionResult::kUnknown;
      world_.executor_answers = event.value % 3 != 0;
      return;
    case Happening::kExecutorWorks:
      world_.next_result.reset();
      world_.executor_answers = true;
      return;
    case Happening::kDie:
      return world_.DieAt(world_.io_calls() + event.value);
    case Happening::kKill:
      ++kills_;
      return world_.Kill();
    case Happening::kReloadGateway:
      return gateway_->Reload();
    case Happening::kGatewayAway:
      gateway_->reachable = false;
      return;
    case Happening::kGatewayBack:
      gateway_->reachable = true;
      return;
    case Happening::kHandSetsOverride:
      return SetByHand();
    case Happening::kHandClears:
      gateway_->entries_.clear();
      return;
    case Happening::kClockBack:
      return world_.SetClockBack(std::chrono::seconds(10 * event.value));
    case Happening::kClockForward:
      return world_.SetClockForward(std::chrono::seconds(10 * event.value));
    case Happening::kPause:
      Order(OrderKind::kPause);
      paused_ = true;
      return;
    case Happening::kResume:
      paused_ = false;
      return Order(OrderKind::kResume);
    case Happening::kSilence:
      silenced_.insert(service);
      return;
    case Happening::kUnsilence:
      silenced_.erase(service);
      return;
    case Happening::kReleaseAll:
      return Order(OrderKind::kRelease);
  }
}

void Story::Order(OrderKind kind) {
  world_.Tell(healing::Order{.kind = kind, .by = "anna", .duration = 1min});
}

// Answers the healer's poll of Alertmanager.
void Story::ShowAlertmanager() {
  std::vector<KnownAlert> known;
  for (const auto& [service, notices] : firing_) {
    for (const auto& [scenario, notice] : notices) {
      KnownAlert alert{.notice = notice};
      if (silenced_.contains(service)) alert = {notice, {"a silence"}, false};
      known.push_back(std::move(alert));
    }
  }
  world_.Show(known);
  lives_shown_to_ = Lives();
}

void Story::Break(const std::string& service, int trouble) {
  const Trouble& chosen = kTroubles[static_cast<size_t>(trouble) % kTroubles.size()];
  World::Service& broken = world_.service(service);
  broken.healthy = false;
  broken.healed_by = chosen.healed_by;
  broken.eased_by = chosen.eased_by;
  broken.broken_slot = chosen.scenario == std::string_view("slot") ? SlotOf(service) : "";
  Alert(service, chosen.scenario, 1);
}

void Story::Alert(const std::string& service, const std::string& scenario, int copies) {
  const int now = static_cast<int>((world_.now() - Start()).count() / 1000);
  AlertNotice notice = Firing(scenario, service, scenario, now);
  notice.labels.Set("instance", SlotOf(service));
  const auto [told, fresh] = firing_[service].try_emplace(scenario, std::move(notice));
  for (int copy = 0; copy < copies; ++copy) world_.Deliver({told->second}, 300ms * copy);
}

void Story::Resolve(const std::string& service) {
  const int now = static_cast<int>((world_.now() - Start()).count() / 1000);
  for (const auto& [scenario, notice] : firing_[service]) {
    world_.Deliver({Resolved(notice, now)});
  }
  firing_.erase(service);
}

void Story::SetByHand() {
  for (const char* table : {"throttle", "breaker"}) {
    for (const std::string& service : kServices) {
      const FakeGateway::Place place = {table, service};
      if (gateway_->ValueAt(place) != "none") gateway_->SetByHand(place, "human");
    }
  }
}

void Story::End() {
  gateway_->reachable = true;
  world_.next_result.reset();
  world_.executor_answers = true;
  world_.DieAt(-1);
  paused_ = false;
  Order(OrderKind::kResume);
  silenced_.clear();
  for (const std::string& service : kServices) {
    World::Service& healthy = world_.service(service);
    healthy = {.has_data = healthy.has_data};  // Incidents must end without data, too.
    Resolve(service);
  }
  for (int i = 0; i < 8; ++i) Tell(Event{Happening::kExecutorWorks, 0, 0, 150s});
}

}  // namespace promheal::healing::samples
