#include "tests/webhook/properties/story.h"

#include <fmt/core.h>

#include <algorithm>
#include <random>

namespace promheal::healing::samples {
namespace {

using namespace std::chrono_literals;

constexpr Duration kCooldown = 60s;
// Evidence counts for three intervals of 2 s; then comes the answer that there is none.
constexpr Duration kDataCountFor = 7s;
constexpr Duration kResolvesCountAfter = 1s;
constexpr Duration kOverridesLive = 15s;

PolicySet StoryPolicies() {
  PolicySet set = Policies();
  const Hold hold{.at_least = 10s, .at_most = 1min, .release = {20}, .step = 8s};
  set.policies[1].ladder[0].hold = hold;  // A throttle.
  set.policies.push_back(PolicyFor("errors", {"breaker", "restart"}));
  set.policies[2].ladder[0].hold = hold;
  set.policies[2].ladder[0].hold->release = {90, 50};
  set.policies[2].ladder[0].probe = true;
  set.policies.push_back(PolicyFor("slot", {"drain", "restart"}));  // Which does not expire.
  set.policies[3].ladder[0].hold = hold;
  set.policies[3].ladder[0].hold->release = {};
  set.scenarios.push_back("slot");
  set.unconfirmed_after = 2min;
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
const std::vector<std::string> kScenarios = {"crash", "latency", "errors", "traffic_drop"};

std::string SlotOf(const std::string& service) { return service + "-1"; }

std::string NameOf(const Labels& target) { return std::string(target.Get("service")); }

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
  const auto value = static_cast<size_t>(event.value);
  switch (event.happening) {
    case Happening::kBreak:
      return Break(service, event.value);
    case Happening::kRecover:
      world_.service(service).healthy = true;
      return;
    case Happening::kAlert:
      return Alert(service, kScenarios[value % kScenarios.size()], 1 + event.value % 3);
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
      world_.next_result = value % 2 == 0 ? ActionResult::kFailed : ActionResult::kUnknown;
      world_.executor_answers = value % 3 != 0;
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

// What it has, as the healer asks it now and then.
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
  const Trouble& one = kTroubles[static_cast<size_t>(trouble) % kTroubles.size()];
  World::Service& broken = world_.service(service);
  broken.healthy = false;
  broken.healed_by = one.healed_by;
  broken.eased_by = one.eased_by;
  broken.broken_slot = one.scenario == std::string_view("slot") ? SlotOf(service) : "";
  Alert(service, one.scenario, 1);
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
    healthy = {.has_data = healthy.has_data};  // Where there are none, incidents end, too.
    Resolve(service);
  }
  for (int i = 0; i < 8; ++i) Tell(Event{Happening::kExecutorWorks, 0, 0, 150s});
}

// With the healer dead for as long as overrides live.
void Story::CheckDeadHealer() {
  ++kills_;
  world_.Kill();
  const Time then = world_.now() + kOverridesLive;
  for (const auto& [place, entry] : gateway_->entries_) {
    if (entry.value == "human" || OnRecord(place) != nullptr) continue;
    if (!entry.expires_at || *entry.expires_at > then) {
      Wrong(Invariant::kNothingIsLeft,
            fmt::format("{} {} is neither on record nor does it expire", place.first, entry.value));
    }
  }
}

void Story::CheckEnd() {
  for (const auto& [place, entry] : gateway_->entries_) {
    const std::string value = gateway_->ValueAt(place);
    if (value == "none" || value == "human") continue;
    Wrong(Invariant::kNothingIsLeft,
          fmt::format("{} of {} is {} in the end", place.first, place.second, value));
  }
  for (const Incident& open : Incidents(kOpenIncidentPrefix)) {
    Wrong(Invariant::kEveryAlertEnds,
          fmt::format("the incident of {} never ends: {}", NameOf(open.target),
                      open.last_decision ? open.last_decision->text : "no decision"));
  }
  std::set<std::string> ended;
  for (const Incident& closed : Incidents(kClosedIncidentPrefix)) {
    ended.insert(closed.alert_keys.begin(), closed.alert_keys.end());
    if (!closed.outcome ||
        (*closed.outcome == Outcome::kSuppressed && closed.outcome_reason.empty())) {
      Wrong(Invariant::kEveryAlertEnds, "closed without an outcome: " + closed.id);
    }
  }
  for (const std::string& key : ever_accepted_) {
    if (!ended.contains(key)) {
      Wrong(Invariant::kEveryAlertEnds, key + " was accepted and is in no incident");
    }
  }
}

void Story::SeeAlert(const AlertNotice& notice) {
  const std::string key = AlertKey(notice.source, notice.fingerprint);
  accepted_[key] = notice;
  if (notice.status == AlertStatus::kFiring) ever_accepted_.insert(key);
  const std::string service = NameOf(notice.labels);
  const bool fires = std::any_of(accepted_.begin(), accepted_.end(), [&](const auto& one) {
    return NameOf(one.second.labels) == service && one.second.status == AlertStatus::kFiring;
  });
  if (fires) {
    silent_since_.erase(service);
  } else {
    silent_since_.emplace(service, Elapsed());
  }
}

void Story::SeeEvent(const Incident& incident, const TimelineEvent& event) {
  if (event.kind == TimelineKind::kIntent) SeeIntent(incident);
  if (event.kind != TimelineKind::kDecision || !incident.last_decision) return;
  if (incident.last_decision->reason == DecisionReason::kLadderExhausted &&
      incident.last_decision->text == event.text && !IsFrozen(incident.target)) {
    Wrong(Invariant::kLadder, NameOf(incident.target) + " is not left alone after its last rung");
  }
}

// An action is about to be taken, and that is durable.
void Story::SeeIntent(const Incident& incident) {
  const std::string name = NameOf(incident.target);
  const Attempt& attempt = incident.attempts.back();
  int in_flight = 0;
  for (const Incident& open : Incidents(kOpenIncidentPrefix)) {
    in_flight += IsActionInFlight(open.state) ? 1 : 0;
  }
  if (in_flight > policies_.budgets.in_flight) {
    Wrong(Invariant::kBudgets, fmt::format("{} actions are under way", in_flight));
  }
  for (size_t i = 0; i + 1 < incident.attempts.size(); ++i) {
    const Attempt& before = incident.attempts[i];
    if (before.policy != attempt.policy || before.state == AttemptState::kNotHappened) continue;
    if (before.rung >= attempt.rung) {
      Wrong(Invariant::kLadder,
            fmt::format("{}: {} after {}", name, attempt.action, before.action));
    }
  }
  if (IsFrozen(incident.target)) {
    Wrong(Invariant::kLadder, name + " is frozen, and " + attempt.action + " is done");
  }
  const auto no_data = no_data_since_.find(name);
  if (no_data != no_data_since_.end() && Elapsed() - no_data->second > kDataCountFor) {
    Wrong(Invariant::kNoActionWhen, attempt.action + " of " + name + " without data");
  }
  const auto silent = silent_since_.find(name);
  const bool holds = std::any_of(incident.overrides.begin(), incident.overrides.end(), IsWanted);
  if (silent != silent_since_.end() && Elapsed() - silent->second > kResolvesCountAfter && !holds) {
    Wrong(Invariant::kNoActionWhen, attempt.action + " of " + name + " without an alert");
  }
  if (paused_) Wrong(Invariant::kNoActionWhen, attempt.action + " of " + name + " while paused");
  // A silence is known by the alerts that it silences, to a healer that has asked.
  if (silenced_.contains(name) && firing_.contains(name) && lives_shown_to_ == Lives()) {
    Wrong(Invariant::kNoActionWhen, attempt.action + " of " + name + ", which is silenced");
  }
  if (name == "prometheus") Wrong(Invariant::kProtected, attempt.action + " of " + name);
  if (name == "hostile;") Wrong(Invariant::kHostileLabels, attempt.action + " of " + name);
}

void Story::SeeWrite(const FakeGateway::Place& place, const std::string& value) {
  const std::string found = gateway_->ValueAt(place);
  const std::string where = place.first + " " + place.second + ": " + found + " -> " + value;
  const HeldOverride* held = OnRecord(place);
  if (held == nullptr) return Wrong(Invariant::kNothingIsLeft, "not on record: " + where);
  // What was there before our intent has been seen, and is on record.
  if (found == "human" && held->held.changes[0].before != "human") {
    Wrong(Invariant::kOnlyOurs, where);
  }
  if (value != "none" && held->held.changes[0].after != value) {
    Wrong(Invariant::kOnlyOurs, "applied before it is committed: " + where);
  }
}

void Story::SeePerformed() {
  for (; performed_seen_ < world_.performed().size(); ++performed_seen_) {
    const World::Performed& one = world_.performed()[performed_seen_];
    const Time time = one.time + world_.set_back();
    const auto [last, first] = last_performed_.try_emplace({one.service, one.action}, time);
    if (!first && time - last->second < kCooldown) {
      Wrong(Invariant::kCooldowns, fmt::format("{} of {} again after {} ms", one.action,
                                               one.service, (time - last->second).count()));
    }
    last->second = time;
    performed_.emplace_back(time, one.service);
    int of_all = 0;
    int of_service = 0;
    for (const auto& [earlier, service] : performed_) {
      if (time - earlier >= 1h) continue;
      ++of_all;
      of_service += service == one.service ? 1 : 0;
    }
    if (of_all > policies_.budgets.per_hour || of_service > policies_.budgets.per_hour_per_group) {
      Wrong(Invariant::kBudgets,
            fmt::format("{} actions within an hour, {} of {}", of_all, of_service, one.service));
    }
  }
}

bool Story::IsFrozen(const Labels& target) const {
  const auto& entries = world_.ledger_file().entries;
  const auto entry = entries.find(KeyOf(FrozenRecord{.target = target}));
  return entry != entries.end() && DecodeFrozen(entry->second.value)->until > world_.now();
}

std::vector<Incident> Story::Incidents(std::string_view prefix) const {
  std::vector<Incident> incidents;
  for (const auto& [key, entry] : world_.ledger_file().entries) {
    if (key.starts_with(prefix)) incidents.push_back(*DecodeIncident(entry.value));
  }
  return incidents;
}

const HeldOverride* Story::OnRecord(const FakeGateway::Place& place) {
  on_record_.clear();
  for (const Incident& incident : Incidents(kOpenIncidentPrefix)) {
    for (const HeldOverride& one : incident.overrides) {
      const std::string table = one.action == "drain" ? "state" : one.action;
      if (table == place.first &&
          IsSamePlace(one.held.changes[0], {.keeper = "gateway", .subject = place.second})) {
        on_record_.push_back(one);
      }
    }
  }
  return on_record_.empty() ? nullptr : &on_record_.front();
}

void Story::Wrong(Invariant invariant, std::string text) {
  violations_.push_back({invariant, std::move(text)});
}

std::set<std::pair<std::string, std::string>> ActionsOf(const History& history, unsigned order) {
  std::mt19937 random(order);
  PolicySet policies = Policies();
  policies.budgets.in_flight = 16;
  World world(Config(policies));
  std::vector<AlertNotice> notices;
  for (const Event& event : history) {
    const std::string& service = kServices[static_cast<size_t>(event.service)];
    const std::string& scenario = kScenarios[static_cast<size_t>(event.value) % kScenarios.size()];
    const AlertNotice firing = Firing(scenario, service, scenario, -event.value);
    if (event.happening == Happening::kBreak) world.Break(service);
    if (event.happening == Happening::kAlert) notices.push_back(firing);
    if (event.happening == Happening::kResolve) {
      notices.push_back(firing);
      notices.push_back(Resolved(firing, 0));
    }
  }
  if (order > 0) {
    const size_t distinct = notices.size();
    for (size_t i = 0; i < distinct; ++i) {
      if (random() % 2 == 0) notices.push_back(notices[random() % distinct]);
    }
    std::shuffle(notices.begin(), notices.end(), random);
  }
  for (size_t i = 0; i < notices.size();) {
    const size_t size =
        order == 0 ? notices.size() : std::min<size_t>(1 + random() % 4, notices.size() - i);
    const auto begin = notices.begin() + static_cast<std::ptrdiff_t>(i);
    world.Deliver({begin, begin + static_cast<std::ptrdiff_t>(size)}, Duration(random() % 1500));
    i += size;
  }
  world.Run(100s);
  std::set<std::pair<std::string, std::string>> actions;
  for (const World::Performed& one : world.performed()) actions.emplace(one.service, one.action);
  return actions;
}

}  // namespace promheal::healing::samples
