// How the healer carries out orders of people.
#include <fmt/core.h>

#include <algorithm>

#include "webhook/core/duration_text.h"
#include "webhook/healer/audit_rows.h"
#include "webhook/healer/healer.h"

namespace promheal::healing {
namespace {

// How many closed incidents to search for one to mark; older ones are not found.
constexpr size_t kClosedSearched = 2000;

// Never shortens a freeze, unless a freeze order replaces one given by a person.
FrozenRecord FreezeBy(const Order& order, const Labels& target, const FrozenRecord* known,
                      Time now) {
  FrozenRecord freeze{target, now + order.duration, order.why, order.by};
  const bool may_shorten = order.kind == OrderKind::kFreeze;
  if (known != nullptr && (known->by.empty() || !may_shorten)) {
    freeze.until = std::max(freeze.until, known->until);
  }
  return freeze;
}

// Marked for its current scenario: another scenario that is raised later is not marked.
bool IsMarked(const Incident& incident) {
  return incident.false_alarm && incident.false_alarm->scenario == incident.scenario;
}

}  // namespace

void Healer::CarryOut(const std::vector<Order>& orders, Time now) {
  for (const Order& order : orders) {
    Result<OrderReport> report = CarryOut(order, now);
    if (report && report->changed) Audit({OrderedRow(order, *report, now)});
    if (report) consequences_.carried_out.emplace_back(order, *report);
    reports_.push_back(std::move(report));
  }
}

Result<OrderReport> Healer::CarryOut(const Order& order, Time now) {
  switch (order.kind) {
    case OrderKind::kPause:
      return CarryOutPause(order, now);
    case OrderKind::kResume:
      return CarryOutResume(now);
    case OrderKind::kFreeze:
      return CarryOutFreeze(order, now);
    case OrderKind::kUnfreeze:
      return CarryOutUnfreeze(order, now);
    case OrderKind::kFalseAlarm:
      return CarryOutFalseAlarm(order, now);
    case OrderKind::kRelease:
      return CarryOutRelease(order, now);
  }
  return Fail(ErrorCode::kInternal, "an order of an unknown kind");
}

OrderReport Healer::CarryOutPause(const Order& order, Time now) {
  const Pause pause{order.by, now, order.why};
  if (const Pause* known = image_->pause.Find(KeyOf(pause))) {
    return {.text = fmt::format("already paused by {} since {}", known->by,
                                FormatRfc3339(known->since))};
  }
  image_->pause.Put(KeyOf(pause), pause);
  WakeAll(now);
  return {.changed = true, .text = "paused: nothing is started until a person resumes"};
}

OrderReport Healer::CarryOutResume(Time now) {
  const Pause* known = image_->pause.Find(KeyOf(Pause{}));
  if (known == nullptr) return {.text = "not paused"};
  const std::string text =
      fmt::format("resumed after {}, paused by {}", DurationText(now - known->since), known->by);
  image_->pause.Erase(KeyOf(Pause{}));
  WakeAll(now);
  return {.changed = true, .text = text};
}

OrderReport Healer::CarryOutFreeze(const Order& order, Time now) {
  const std::string key = KeyOf(FrozenRecord{.target = order.target});
  const FrozenRecord freeze = FreezeBy(order, order.target, image_->frozen.Find(key), now);
  image_->frozen.Put(key, freeze);
  WakeAll(now);
  return {.changed = true,
          .text = fmt::format("{} is frozen for {}", order.target.ToDisplayName(),
                              DurationText(freeze.until - now))};
}

OrderReport Healer::CarryOutUnfreeze(const Order& order, Time now) {
  const std::string key = KeyOf(FrozenRecord{.target = order.target});
  const std::string name = order.target.ToDisplayName();
  if (image_->frozen.Find(key) == nullptr) return {.text = name + " is not frozen"};
  image_->frozen.Erase(key);
  WakeAll(now);
  return {.changed = true, .text = name + " is not frozen any more"};
}

Result<OrderReport> Healer::CarryOutFalseAlarm(const Order& order, Time now) {
  OrderReport report{.changed = true,
                     .text = order.incident_id + " is marked as a false alarm",
                     .incidents = {order.incident_id}};
  const OrderReport already{.text = order.incident_id + " is marked as a false alarm already",
                            .incidents = {order.incident_id}};
  for (const auto& [key, incident] : image_->open.all()) {
    if (incident->id != order.incident_id) continue;
    if (IsMarked(*incident)) return already;
    consequences_.false_alarms.push_back(incident);
    AdvanceOne(key, MarkedFalseAlarm{order.by, order.why}, now);
    return report;
  }
  const Result<bool> marked = MarkClosed(order, now);
  if (!marked) return tl::make_unexpected(marked.error());
  return *marked ? report : already;
}

// Marks a closed incident. False if it was marked already.
Result<bool> Healer::MarkClosed(const Order& order, Time now) {
  const auto entries = ledger_.List(kClosedIncidentPrefix, kClosedSearched, true);
  if (!entries) return tl::make_unexpected(entries.error());
  const auto entry =
      std::find_if(entries->begin(), entries->end(), [&](const LedgerEntry& candidate) {
        return candidate.key.ends_with("/" + order.incident_id);
      });
  if (order.incident_id.empty() || entry == entries->end()) {
    return Fail(ErrorCode::kNotFound,
                fmt::format("'{}': no such incident among the open and the latest closed ones",
                            order.incident_id));
  }
  Result<Incident> incident = DecodeIncident(entry->value);
  if (!incident) return Prefixed(entry->key, incident.error());
  if (IsMarked(*incident)) return false;
  incident->false_alarm = FalseAlarm{order.by, now, order.why, incident->scenario};
  image_->closed.Load(*entry, *incident);
  const auto record = std::make_shared<const Incident>(std::move(*incident));
  image_->closed.Put(entry->key, record);
  consequences_.false_alarms.push_back(record);
  shown_news_.closed.push_back(record);
  return true;
}

// Also freezes each target, so that nothing is set again before a person had time to look.
Result<OrderReport> Healer::CarryOutRelease(const Order& order, Time now) {
  std::vector<std::string> keys;
  bool known = order.incident_id.empty();
  for (const auto& [key, incident] : image_->open.all()) {
    if (!order.incident_id.empty() && incident->id != order.incident_id) continue;
    known = true;
    if (!order.target.empty() && incident->target != order.target &&
        !IsPartOf(incident->target, order.target)) {
      continue;
    }
    const bool about_to =
        incident->state == IncidentState::kActing && incident->attempts.back().holds;
    if (!incident->overrides.empty() || about_to) keys.push_back(key);
  }
  if (!known) {
    return Fail(ErrorCode::kNotFound,
                fmt::format("'{}': no such incident among the open ones", order.incident_id));
  }
  OrderReport report;
  for (const std::string& key : keys) {
    const auto incident = image_->open.Share(key);
    const std::string frozen_key = KeyOf(FrozenRecord{.target = incident->target});
    image_->frozen.Put(frozen_key,
                       FreezeBy(order, incident->target, image_->frozen.Find(frozen_key), now));
    AdvanceOne(key, OverridesReleased{order.by, order.why}, now);
    report.incidents.push_back(incident->id);
  }
  report.changed = !keys.empty();
  report.text = keys.empty() ? "no override is in force there"
                             : fmt::format(
                                   "the overrides of {} incidents are undone; their "
                                   "targets are frozen for {} at least",
                                   keys.size(), DurationText(order.duration));
  return report;
}

// An order of a person may change every decision.
void Healer::WakeAll(Time now) {
  for (const std::string& key : open_.All()) open_.WakeAt(key, now);
}

std::vector<Result<OrderReport>> Healer::PopReports() { return std::exchange(reports_, {}); }

}  // namespace promheal::healing
