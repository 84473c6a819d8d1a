// The checks of a story while it is played, and in the end.
#include <fmt/core.h>

#include <algorithm>

#include "tests/webhook/properties/story.h"

namespace promheal::healing::samples {
namespace {

using namespace std::chrono_literals;

constexpr Duration kCooldown = 60s;
// Evidence counts for three intervals of 2 s; then the answer without data arrives.
constexpr Duration kDataCountFor = 7s;
constexpr Duration kResolvesCountAfter = 1s;
constexpr Duration kOverridesLive = 15s;

std::string NameOf(const Labels& target) { return std::string(target.Get("service")); }

}  // namespace

// Kills the healer for as long as overrides live.
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
  const bool fires = std::any_of(accepted_.begin(), accepted_.end(), [&](const auto& entry) {
    return NameOf(entry.second.labels) == service && entry.second.status == AlertStatus::kFiring;
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
    Wrong(Invariant::kLadder, NameOf(incident.target) + " is not frozen after its last rung");
  }
}

// The intent of an action is durable; the action follows.
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
  if (name == kInMaintenance && world_.now() >= At(kMaintenanceFrom) &&
      world_.now() < At(kMaintenanceUntil)) {
    Wrong(Invariant::kNoActionWhen, attempt.action + " of " + name + " in maintenance");
  }
  // The healer knows a silence only by its alerts, and only after it has asked Alertmanager.
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
  // A setting from before the intent was read, and is on record: writing over it is allowed.
  if (found == "human" && held->held.changes[0].before != "human") {
    Wrong(Invariant::kOnlyOurs, where);
  }
  if (value == "none" && held->phase != HoldPhase::kUndoing && held->phase != HoldPhase::kLifting) {
    Wrong(Invariant::kOnlyOurs, "undone while it is wanted: " + where);
  }
  if (value != "none" && !IsWanted(*held)) {
    Wrong(Invariant::kNothingIsLeft, "renewed after its end: " + where);
  }
  if (value != "none" && held->held.changes[0].after != value) {
    Wrong(Invariant::kOnlyOurs, "applied before it is committed: " + where);
  }
}

void Story::SeePerformed() {
  for (; performed_seen_ < world_.performed().size(); ++performed_seen_) {
    const World::Performed& performed = world_.performed()[performed_seen_];
    const Time time = performed.time + world_.set_back();
    const auto [last, first] =
        last_performed_.try_emplace({performed.service, performed.action}, time);
    if (!first && time - last->second < kCooldown) {
      Wrong(Invariant::kCooldowns, fmt::format("{} of {} again after {} ms", performed.action,
                                               performed.service, (time - last->second).count()));
    }
    last->second = time;
    performed_.emplace_back(time, performed.service);
    int of_all = 0;
    int of_service = 0;
    for (const auto& [earlier, service] : performed_) {
      if (time - earlier >= 1h) continue;
      ++of_all;
      of_service += service == performed.service ? 1 : 0;
    }
    if (of_all > policies_.budgets.per_hour || of_service > policies_.budgets.per_hour_per_group) {
      Wrong(Invariant::kBudgets, fmt::format("{} actions within an hour, {} of {}", of_all,
                                             of_service, performed.service));
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
    for (const HeldOverride& override : incident.overrides) {
      const std::string table = override.action == "drain" ? "state" : override.action;
      if (table == place.first &&
          IsSamePlace(override.held.changes[0], {.keeper = "gateway", .subject = place.second})) {
        on_record_.push_back(override);
      }
    }
  }
  return on_record_.empty() ? nullptr : &on_record_.front();
}

void Story::Wrong(Invariant invariant, std::string text) {
  violations_.push_back({invariant, std::move(text)});
}

}  // namespace promheal::healing::samples
