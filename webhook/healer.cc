#include "webhook/healer.h"

#include <fmt/core.h>

#include <algorithm>

#include "webhook/core/set_back.h"
#include "webhook/override_calls.h"

namespace promheal::healing {
namespace {

constexpr Duration kRetryLedger = std::chrono::seconds(1);
constexpr Duration kTidyInterval = std::chrono::seconds(30);
// A heartbeat is worth a write only when it says something new.
constexpr Duration kHeartbeatResolution = std::chrono::minutes(1);
// Smaller ones only delay what is due by as much.
constexpr Duration kNoticeableSetBack = std::chrono::seconds(1);
constexpr Duration kPruneInterval = std::chrono::hours(1);
constexpr size_t kPruneAtOnce = 500;
constexpr Duration kLookInterval = std::chrono::seconds(10);

std::string LedgerKey(const std::string& alert_key) {
  return fmt::format("{}{}", kAlertPrefix, alert_key);
}

bool IsWorthWriting(const AlertRecord* before, const AlertRecord& after, AlertChange change) {
  return before == nullptr || change != AlertChange::kRepeat ||
         before->starts_at != after.starts_at ||
         after.last_seen - before->last_seen >= kHeartbeatResolution;
}

}  // namespace

Status Healer::Step(const HealerInput& input, Time now) {
  next_wake_ = now + kRetryLedger;
  const bool fresh = !image_.has_value();
  if (fresh) {
    if (auto status = Load(); !status) return status;
  }
  NoticeClock(fresh, now);
  if (input.new_config) Reconfigure(input.new_config);
  if (fresh) AdvanceAll(ProgramRestarted{}, now);
  if (!fresh && input.new_config) AdvanceAll(PoliciesChanged{}, now);
  Take(input, now);
  AdvanceAll(TimePassed{}, now);
  Tidy(now);
  LookForOrphans(now);
  if (auto status = image_->Commit(ledger_); !status) {
    image_.reset();
    return status;
  }
  Settle(now);
  Prune(now);
  return {};
}

// What an action left in force is undone by the configuration that knew the action last.
void Healer::Reconfigure(ConfigSnapshot config) {
  for (const auto& [action, executor] : config_->executors) {
    if (CanHold(*config_, action) && !CanHold(*config, action)) last_known_by_[action] = config_;
  }
  config_ = std::move(config);
}

const ConfigSnapshot& Healer::ConfigOf(const std::string& action) const {
  const auto last = last_known_by_.find(action);
  return CanHold(*config_, action) || last == last_known_by_.end() ? config_ : last->second;
}

Status Healer::Load() {
  tracked_.clear();
  in_flight_.clear();
  shown_.clear();
  closed_.clear();
  starting_.clear();
  news_.clear();
  taken_.clear();
  auto image = LedgerImage::Load(ledger_);
  if (!image) return tl::make_unexpected(image.error());
  auto closed = LoadClosed(ledger_, kMaxClosedShown);
  if (!closed) return tl::make_unexpected(closed.error());
  for (const auto& [key, incident] : image->open.all()) {
    tracked_[key] = {};
    shown_[key] = std::make_shared<const Incident>(incident);
    if (IsActionInFlight(incident.state)) in_flight_.insert(key);
  }
  for (Incident& incident : *closed) {
    closed_.push_back(std::make_shared<const Incident>(std::move(incident)));
  }
  image_ = std::move(*image);
  return {};
}

void Healer::Take(const HealerInput& input, Time now) {
  for (const CallAnswer& answer : input.answers) {
    if (answer.read) TakeReading(*answer.read);
    const Incident* incident = image_->open.Find(answer.incident_key);
    if (incident != nullptr && incident->id == answer.incident_id) {
      AdvanceOne(answer.incident_key, answer.stimulus, now);
    }
  }
  Joining joining;
  for (const Delivery& delivery : input.deliveries) {
    for (const AlertNotice& notice : delivery.alerts) TakeNotice(notice, joining, now);
  }
  for (auto& [key, alert_keys] : joining) AdvanceOne(key, AlertsJoined{std::move(alert_keys)}, now);
}

void Healer::TakeNotice(const AlertNotice& notice, Joining& joining, Time now) {
  const std::string alert_key = AlertKey(notice.source, notice.fingerprint);
  const std::string ledger_key = LedgerKey(alert_key);
  const AlertRecord* before = image_->alerts.Find(ledger_key);
  AlertRecord alert = before != nullptr ? *before : AlertRecord{};
  const AlertChange change = Merge(alert, notice, now, config_->reorder_tolerance);
  taken_.emplace_back(notice, change);
  if (IsWorthWriting(before, alert, change)) image_->alerts.Put(ledger_key, alert);
  const std::string key = IncidentKeyOf(alert);
  const bool is_open = tracked_.contains(key);
  const bool fires = notice.status == AlertStatus::kFiring && IsFiring(alert);
  if (fires && !is_open) {
    Open(key, alert, now);
  } else if (fires && change != AlertChange::kRepeat) {
    joining[key].push_back(alert_key);
  } else if (change == AlertChange::kResolved) {
    WakeIncidentOf(alert, now);
  }
}

void Healer::Open(const std::string& key, const AlertRecord& alert, Time now) {
  Incident incident = OpenIncident(TargetOf(alert), alert, now);
  tracked_[key].wake_at = now;
  Advanced opened;
  opened.changed = true;
  opened.wake_at = now;
  opened.news = incident.timeline;
  Record(key, std::move(incident), std::move(opened));
}

// The wall clock may have been set back since the last step, or since the ledger was written: then
// what it noted last lies ahead.
void Healer::NoticeClock(bool fresh, Time now) {
  Time last = fresh ? Time() : last_step_;
  if (fresh) {
    for (const auto& [key, incident] : image_->open.all()) {
      last = std::max(last, LatestNote(incident));
    }
  }
  last_step_ = now;
  if (last - now < kNoticeableSetBack) return;
  const Duration by = last - now;
  for (auto& [key, tracked] : tracked_) {
    Incident incident = *image_->open.Find(key);
    SetBack(incident, by);
    SetBack(tracked.watch, by);
    tracked.wake_at -= by;
    shown_[key] = std::make_shared<const Incident>(incident);
    image_->open.Put(key, std::move(incident));
  }
  image_->cooldowns.Update([by](CooldownRecord& cooldown) { cooldown.not_before -= by; });
  image_->frozen.Update([by](FrozenRecord& frozen) { frozen.until -= by; });
  next_tidy_ = next_prune_ = next_look_ = now;
}

// What time alone changes about alerts, cooldowns and frozen targets.
void Healer::Tidy(Time now) {
  if (now < next_tidy_) return;
  next_tidy_ = now + kTidyInterval;
  const Duration expires_after = config_->alert_expires_after;
  std::vector<std::string> expired;
  std::vector<std::string> forgotten;
  for (const auto& [key, alert] : image_->alerts.all()) {
    const Time heard = std::max(alert.last_seen, alert.resolved_received_at);
    if (heard + expires_after > now) continue;
    (IsFiring(alert) ? expired : forgotten).push_back(key);
  }
  for (const std::string& key : expired) ExpireAlert(key, now);
  for (const std::string& key : forgotten) image_->alerts.Erase(key);
  image_->cooldowns.EraseIf([&](const CooldownRecord& one) { return one.not_before <= now; });
  image_->frozen.EraseIf([&](const FrozenRecord& one) { return one.until <= now; });
}

void Healer::ExpireAlert(const std::string& key, Time now) {
  AlertRecord alert = *image_->alerts.Find(key);
  Expire(alert, now);
  WakeIncidentOf(alert, now);
  image_->alerts.Put(key, std::move(alert));
}

void Healer::WakeIncidentOf(const AlertRecord& alert, Time now) {
  const auto tracked = tracked_.find(IncidentKeyOf(alert));
  if (tracked != tracked_.end()) tracked->second.wake_at = now;
}

std::string Healer::IncidentKeyOf(const AlertRecord& alert) const {
  return KeyOf(Incident{.target = TargetOf(alert)});
}

Labels Healer::TargetOf(const AlertRecord& alert) const {
  return healing::TargetOf(alert.labels, config_->target_labels, config_->optional_labels);
}

// A part of the target that is being healed, for something at least as serious.
std::string Healer::BusyInstanceOf(const Incident& incident) const {
  if (config_->optional_labels.empty()) return "";
  const ScenarioPrecedence& precedence = config_->policies.scenarios;
  for (const auto& [key, other] : image_->open.all()) {
    if (!IsPartOf(other.target, incident.target) ||
        ScenarioRank(precedence, incident.scenario) < ScenarioRank(precedence, other.scenario)) {
      continue;
    }
    if (IsActionInFlight(other.state) || NextToRelease(other) != nullptr) {
      return other.target.ToDisplayName();
    }
  }
  return "";
}

void Healer::AdvanceAll(const Stimulus& stimulus, Time now) {
  const bool only_due = std::holds_alternative<TimePassed>(stimulus);
  std::vector<std::string> keys;
  for (const auto& [key, tracked] : tracked_) {
    if (!only_due || tracked.wake_at <= now) keys.push_back(key);
  }
  for (const std::string& key : keys) AdvanceOne(key, stimulus, now);
}

void Healer::AdvanceOne(const std::string& key, const Stimulus& stimulus, Time now) {
  Incident incident = *image_->open.Find(key);
  const auto* joined = std::get_if<AlertsJoined>(&stimulus);
  const std::vector<const AlertRecord*> alerts =
      joined != nullptr ? image_->AlertsOf(incident, joined->keys) : image_->AlertsOf(incident);
  const LedgerView view = image_->ViewOf(incident.target, config_->executors);
  const BudgetUse use = UseWithout(key, incident.target);
  const Feasibility infeasible = [this](const std::string& action, const Labels& labels) {
    return WhyInfeasible(action, labels);
  };
  const AtPercent at_percent = [this](const std::string& action, const Override& held,
                                      int percent) {
    return AtPercentBy(*ConfigOf(action), action, held, percent);
  };
  Tracked& tracked = tracked_.at(key);
  const std::string busy = BusyInstanceOf(incident);
  Advanced advanced =
      Advance(incident, tracked.watch, stimulus,
              {config_->policies, alerts, view, use, infeasible, at_percent, busy}, now);
  tracked.wake_at = advanced.wake_at;
  Record(key, std::move(incident), std::move(advanced));
}

std::optional<std::string> Healer::WhyInfeasible(const std::string& name,
                                                 const Labels& labels) const {
  const auto executor = config_->executors.find(name);
  if (executor == config_->executors.end()) return "there is no action " + name;
  Action action;
  action.name = name;
  action.labels = labels;
  if (auto status = executor->second->Check(action); !status) return status.error().message;
  return std::nullopt;
}

void Healer::Record(const std::string& key, Incident incident, Advanced advanced) {
  for (Effect& effect : advanced.effects) Apply(key, incident, std::move(effect));
  if (!advanced.changed && !advanced.renewed) return;
  const auto shown = std::make_shared<const Incident>(incident);
  if (!advanced.changed) {
    shown_[key] = shown;
    image_->open.Keep(key, std::move(incident));
    return;
  }
  if (!advanced.news.empty()) news_.push_back({shown, std::move(advanced.news)});
  if (IsActionInFlight(incident.state)) {
    in_flight_.insert(key);
  } else {
    in_flight_.erase(key);
  }
  if (incident.state != IncidentState::kClosed) {
    shown_[key] = shown;
    image_->open.Put(key, std::move(incident));
    return;
  }
  FinishIncident(key, std::move(incident));
  closed_.push_front(shown);
  if (closed_.size() > kMaxClosedShown) closed_.pop_back();
}

void Healer::FinishIncident(const std::string& key, Incident incident) {
  for (const AlertRecord* alert : image_->AlertsOf(incident)) {
    if (!alert->doubtful) continue;
    AlertRecord settled = *alert;
    SettleDoubt(settled);
    image_->alerts.Put(KeyOf(settled), settled);
  }
  shown_.erase(key);
  tracked_.erase(key);
  image_->open.Erase(key);
  const std::string closed_key = KeyOf(incident);
  image_->closed.Put(closed_key, std::move(incident));
}

void Healer::Apply(const std::string& key, const Incident& incident, Effect effect) {
  if (auto* start = std::get_if<StartCooldown>(&effect)) {
    CooldownRecord cooldown{incident.target, start->action, start->attempt_id, start->not_before};
    image_->cooldowns.Put(KeyOf(cooldown), cooldown);
  } else if (auto* voided = std::get_if<VoidCooldown>(&effect)) {
    const std::string cooldown_key =
        KeyOf(CooldownRecord{.target = incident.target, .action = voided->action});
    const CooldownRecord* cooldown = image_->cooldowns.Find(cooldown_key);
    if (cooldown != nullptr && cooldown->attempt_id == voided->attempt_id) {
      image_->cooldowns.Erase(cooldown_key);
    }
  } else if (auto* freeze = std::get_if<FreezeTarget>(&effect)) {
    FrozenRecord record{incident.target, freeze->until, freeze->reason};
    image_->frozen.Put(KeyOf(record), record);
  } else if (auto* execute = std::get_if<ExecuteAction>(&effect)) {
    starting_.push_back({key, incident.id, config_, std::move(*execute)});
  } else if (auto* observe = std::get_if<ObserveAction>(&effect)) {
    starting_.push_back({key, incident.id, config_, std::move(*observe)});
  } else if (auto* gather = std::get_if<GatherEvidence>(&effect)) {
    starting_.push_back({key, incident.id, config_, std::move(*gather)});
  } else if (auto* prepare = std::get_if<PrepareOverride>(&effect)) {
    starting_.push_back({key, incident.id, ConfigOf(prepare->action.name), std::move(*prepare)});
  } else if (auto* step = std::get_if<StepOverride>(&effect)) {
    starting_.push_back({key, incident.id, ConfigOf(step->action), std::move(*step)});
  }
}

BudgetUse Healer::UseWithout(const std::string& key, const Labels& target) const {
  const std::string& label = config_->policies.budgets.service_label;
  BudgetUse use;
  for (const std::string& other : in_flight_) {
    if (other == key) continue;
    ++use.in_flight;
    const Incident* incident = image_->open.Find(other);
    if (incident->target.Get(label) == target.Get(label)) ++use.in_flight_on_service;
  }
  return use;
}

// What is in force at the gateways, whoever did it: for the first time when the healer starts.
void Healer::LookForOrphans(Time now) {
  if (now < next_look_) return;
  next_look_ = now + kLookInterval;
  for (const auto& [action, executor] : config_->executors) {
    if (!CanHold(*config_, action)) continue;
    starting_.push_back(
        {"", "", config_, ReadOverrides{action, TimeoutOf(config_->policies, action)}});
  }
}

void Healer::TakeReading(const OverridesRead& read) {
  for (const Orphan& orphan : orphans_.Take(read, image_->open.all())) {
    listener_.FoundOrphan(orphan);
  }
}

// The step is durable: tell it, and start what it asked for.
void Healer::Settle(Time now) {
  for (const auto& [notice, change] : taken_) listener_.AlertTaken(notice, change);
  for (const News& news : news_) {
    for (const TimelineEvent& event : news.events) listener_.Happened(*news.incident, event);
  }
  taken_.clear();
  news_.clear();
  std::vector<CallRequest> starting;
  starting.swap(starting_);
  for (CallRequest& request : starting) calls_.Start(std::move(request));
  next_wake_ = NextWake(now);
}

// Old incidents are deleted in small portions; a failure only means later.
void Healer::Prune(Time now) {
  if (now < next_prune_) return;
  const Result<size_t> pruned = PruneClosed(ledger_, now - config_->retention, kPruneAtOnce);
  next_prune_ = now + (pruned.value_or(0) == kPruneAtOnce ? kTidyInterval : kPruneInterval);
}

Time Healer::NextWake(Time now) const {
  Time wake = std::min(now + kTidyInterval, std::max(now, next_look_));
  for (const auto& [key, tracked] : tracked_) wake = std::min(wake, tracked.wake_at);
  return wake;
}

std::shared_ptr<const HealingSnapshot> Healer::snapshot() const {
  auto snapshot = std::make_shared<HealingSnapshot>();
  for (const auto& [key, incident] : shown_) snapshot->open.push_back(incident);
  snapshot->closed.assign(closed_.begin(), closed_.end());
  if (image_) {
    for (const auto& [key, frozen] : image_->frozen.all()) snapshot->frozen.push_back(frozen);
    snapshot->orphans = orphans_.all();
  }
  return snapshot;
}

}  // namespace promheal::healing
