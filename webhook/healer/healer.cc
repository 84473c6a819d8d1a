#include "webhook/healer/healer.h"

#include <algorithm>

#include "webhook/healer/audit_rows.h"
#include "webhook/healer/effects.h"
#include "webhook/healer/override_calls.h"
#include "webhook/state/tidy.h"

namespace promheal::healing {
namespace {

constexpr Duration kRetryLedger = std::chrono::seconds(1);
constexpr Duration kTidyInterval = std::chrono::seconds(30);
// A smaller set-back only delays the next steps by as much.
constexpr Duration kNoticeableSetBack = std::chrono::seconds(1);
constexpr Duration kPruneInterval = std::chrono::hours(1);
constexpr size_t kPruneAtOnce = 500;
constexpr Duration kLookInterval = std::chrono::seconds(10);

}  // namespace

Status Healer::Step(const HealerInput& input, Time now) {
  reports_.clear();
  next_wake_ = now + kRetryLedger;
  if (input.new_config) Reconfigure(input.new_config);
  const bool fresh = !image_.has_value();
  if (fresh) {
    if (auto status = Load(); !status) return status;
  }
  NoticeClock(fresh, now);
  if (fresh || input.new_config)
    spending_.Recount(*image_, configs_.current()->policies.budgets, now);
  NoteStart(fresh, input.new_config != nullptr, now);
  if (fresh) AdvanceEach(open_.All(), ProgramRestarted{}, now);
  CarryOut(input.orders, now);
  if (input.reading) alertmanager_.UpdateSilences(*input.reading);
  if (!fresh && input.new_config) AdvanceEach(open_.All(), PoliciesChanged{}, now);
  Ingest(input, now);
  AdvanceEach(open_.Due(now), TimePassed{}, now);
  TidyUp(now);
  LookForOrphans(now);
  if (auto status = image_->Commit(ledger_); !status) {
    image_.reset();
    // It is no failure if another writer came first.
    has_failed_ = has_failed_ || status.error().code != ErrorCode::kFailedPrecondition;
    return status;
  }
  has_started_ = true;
  has_failed_ = false;
  Settle(now);
  Prune(now);
  return {};
}

void Healer::Reconfigure(ConfigSnapshot config) {
  // Readings of one Alertmanager say nothing about another.
  if (config->alertmanager.url != configs_.current()->alertmanager.url) alertmanager_ = {};
  // The new configuration may have other gateways.
  gateways_.clear();
  shown_news_.gateways = gateways_;
  configs_.Replace(std::move(config));
}

Status Healer::Load() {
  open_ = {};
  consequences_ = {};
  looking_.clear();
  reports_.clear();
  shown_news_ = {.from_scratch = true, .gateways = gateways_};
  auto image = LedgerImage::Load(ledger_);
  if (!image) return tl::make_unexpected(image.error());
  auto closed = LoadClosed(ledger_, kMaxClosedShown);
  if (!closed) return tl::make_unexpected(closed.error());
  for (const auto& [key, incident] : image->open.all()) open_.Put(key, incident);
  std::reverse(closed->begin(), closed->end());
  spending_.Load(*closed);
  for (Incident& incident : *closed) {
    shown_news_.closed.push_back(std::make_shared<const Incident>(std::move(incident)));
  }
  image_ = std::move(*image);
  return {};
}

void Healer::NoteStart(bool fresh, bool reloaded, Time now) {
  if (!has_started_ || has_failed_) Audit({StartedRow(*configs_.current(), has_started_, now)});
  if (!fresh && reloaded) Audit({ReloadedRow(*configs_.current(), now)});
}

// Notices if the wall clock was set back since the last step, or since the ledger was written: its
// latest times then lie in the future.
void Healer::NoticeClock(bool fresh, Time now) {
  const Time last = fresh ? LatestNote(*image_) : last_step_;
  last_step_ = now;
  if (last - now < kNoticeableSetBack) return;
  const Duration by = last - now;
  SetBack(*image_, by);
  open_.SetBack(by);
  for (const auto& [key, incident] : image_->open.all()) open_.Put(key, incident);
  spending_.Recount(*image_, configs_.current()->policies.budgets, now);
  next_tidy_ = next_prune_ = next_look_ = now;
}

void Healer::TidyUp(Time now) {
  if (now < next_tidy_) return;
  next_tidy_ = now + kTidyInterval;
  for (const AlertRecord& expired : Tidy(*image_, configs_.current()->alert_expires_after, now)) {
    WakeIncidentOf(expired, now);
  }
}

void Healer::WakeIncidentOf(const AlertRecord& alert, Time now) {
  open_.WakeAt(IncidentKeyOf(alert), now);
}

std::string Healer::IncidentKeyOf(const AlertRecord& alert) const {
  return KeyOf(Incident{.target = TargetOf(alert)});
}

Labels Healer::TargetOf(const AlertRecord& alert) const {
  const HealingConfig& config = *configs_.current();
  return healing::TargetOf(alert.labels, config.target_labels, config.optional_labels);
}

void Healer::AdvanceEach(const std::vector<std::string>& keys, const Stimulus& stimulus, Time now) {
  for (const std::string& key : keys) AdvanceOne(key, stimulus, now);
}

void Healer::AdvanceOne(const std::string& key, const Stimulus& stimulus, Time now) {
  const HealingConfig& config = *configs_.current();
  Incident incident = *image_->open.Find(key);
  const auto* joined = std::get_if<AlertsJoined>(&stimulus);
  const std::vector<const AlertRecord*> alerts =
      joined != nullptr ? image_->AlertsOf(incident, joined->keys) : image_->AlertsOf(incident);
  LedgerView view = image_->ViewOf(incident.target, config.executors, now);
  image_->NoteFreezeOfWhole(incident.target.Only(config.target_labels), view);
  const Budgets& budgets = config.policies.budgets;
  BudgetUse use = UseWithout(open_, key, incident.target, budgets);
  spending_.AddTo(use, budgets, incident.target, now);
  const Feasibility infeasible = [&](const std::string& action, const Labels& labels) {
    return WhyInfeasible(config, action, labels);
  };
  const AtPercent at_percent = [this](const std::string& action, const Override& held,
                                      int percent) {
    return AtPercentBy(*configs_.Of(action), action, held, percent);
  };
  const std::string busy = open_.BusyPartOf(incident, config.policies.scenarios);
  Advanced advanced = Advance(incident, open_.WatchOf(key), stimulus,
                              {config.policies, alerts, view, use, infeasible, at_percent, busy,
                               SilencedBy(incident, alerts)},
                              now);
  Audit(AuditRowsOf(incident, advanced, stimulus, now));
  Record(key, std::move(incident), std::move(advanced));
}

// Before the first reading of Alertmanager, an incident that was silenced before a restart still
// is.
std::vector<std::string> Healer::SilencedBy(const Incident& incident,
                                            const std::vector<const AlertRecord*>& alerts) const {
  const bool was_silenced =
      incident.last_decision && incident.last_decision->reason == DecisionReason::kSilenced;
  if (was_silenced && !alertmanager_.has_reading() &&
      !configs_.current()->alertmanager.url.empty()) {
    return {"as before the restart"};
  }
  return alertmanager_.SilencedBy(alerts);
}

void Healer::Audit(std::vector<AuditRow> rows) {
  for (AuditRow& row : rows) image_->audit.Add(std::move(row));
}

void Healer::Record(const std::string& key, Incident incident, Advanced advanced) {
  const auto record = std::make_shared<const Incident>(std::move(incident));
  for (Effect& effect : advanced.effects) {
    auto call = Apply(key, *record, std::move(effect), configs_, *image_, spending_);
    if (call) consequences_.calls.push_back(std::move(*call));
  }
  if (!advanced.news.empty()) consequences_.news.push_back({record, std::move(advanced.news)});
  if (record->state == IncidentState::kClosed) {
    FinishIncident(key, record);
    return;
  }
  if (advanced.changed) image_->open.Put(key, record);
  if (!advanced.changed && advanced.renewed) image_->open.Keep(key, record);
  if (advanced.changed || advanced.renewed) open_.Put(key, record);
  open_.WakeAt(key, advanced.wake_at);
}

void Healer::FinishIncident(const std::string& key, std::shared_ptr<const Incident> incident) {
  for (const AlertRecord* alert : image_->AlertsOf(*incident)) {
    if (!alert->doubtful) continue;
    AlertRecord settled = *alert;
    SettleDoubt(settled);
    image_->alerts.Put(KeyOf(settled), std::move(settled));
  }
  open_.Remove(key);
  spending_.Closed(*incident);
  image_->open.Erase(key);
  image_->closed.Put(KeyOf(*incident), incident);
  shown_news_.closed.push_back(std::move(incident));
}

// Asks the keepers for everything that is in force there, also by other writers. The first time is
// at the start.
void Healer::LookForOrphans(Time now) {
  if (now < next_look_) return;
  next_look_ = now + kLookInterval;
  const ConfigSnapshot& config = configs_.current();
  for (const auto& [action, executor] : config->executors) {
    if (!CanHold(*config, action) || !looking_.insert(action).second) continue;
    consequences_.calls.push_back(
        {"", "", config, ReadOverrides{action, TimeoutOf(config->policies, action)}});
  }
}

// Tells once when a storm begins, and once when it ends; after a restart once more.
void Healer::TellOfStorm(Time now) {
  const std::optional<Time> until = spending_.storm_until();
  const bool storm = until && now < *until;
  if (storm != told_of_storm_)
    listener_.StormChanged(storm, configs_.current()->policies.budgets.storm);
  told_of_storm_ = storm;
}

// The step is durable: tell the listener, and start the calls.
void Healer::Settle(Time now) {
  TellOfStorm(now);
  Consequences durable = std::exchange(consequences_, {});
  for (const auto& [notice, change] : durable.accepted) listener_.AlertAccepted(notice, change);
  for (const News& news : durable.news) {
    for (const TimelineEvent& event : news.events) listener_.Happened(*news.incident, event);
  }
  for (const auto& [order, report] : durable.carried_out) listener_.CarriedOut(order, report);
  for (const auto& incident : durable.false_alarms) listener_.WasFalseAlarm(*incident);
  if (durable.heard_watchdog) listener_.HeardWatchdog(now);
  for (CallRequest& request : durable.calls) calls_.Start(std::move(request));
  next_wake_ = open_.NextWake(std::min(now + kTidyInterval, std::max(now, next_look_)));
}

// Deletes old incidents and audit rows in small portions. After a failure it tries again later.
void Healer::Prune(Time now) {
  if (now < next_prune_) return;
  const Time until = now - configs_.current()->retention;
  const size_t incidents = PruneClosed(ledger_, until, kPruneAtOnce).value_or(0);
  const size_t rows = PruneAudit(ledger_, until, kPruneAtOnce).value_or(0);
  const bool more = std::max(incidents, rows) == kPruneAtOnce;
  next_prune_ = now + (more ? kTidyInterval : kPruneInterval);
}

SnapshotNews Healer::PopNews() {
  SnapshotNews news = std::exchange(shown_news_, {});
  news.open = image_->open.PopNews();
  news.frozen = image_->frozen.PopNews();
  news.reserves = ReservesOf(open_, spending_, configs_.current()->policies.budgets, last_step_);
  news.pause = image_->pause.PopNews();
  return news;
}

}  // namespace promheal::healing
