#include "webhook/metrics/announcer.h"

#include "common/base/duration.h"
#include "webhook/core/advance/timeline.h"

namespace promheal::healing {
namespace {

// The field that programs look for in this kind of event.
std::string_view WordOf(const TimelineEvent& event) {
  for (const char* name : {"reason", "result", "verdict", "change", "outcome", "data", "status"}) {
    const std::string_view word = FieldOf(event, name);
    if (!word.empty()) return word;
  }
  return "";
}

bool CallsHuman(const TimelineEvent& event) {
  const auto reason = ParseDecisionReason(FieldOf(event, "reason"));
  return event.kind == TimelineKind::kDecision && reason && healing::CallsHuman(*reason);
}

bool Recommends(const TimelineEvent& event) {
  return event.kind == TimelineKind::kDecision &&
         FieldOf(event, "reason") == ToString(DecisionReason::kRecommendMode);
}

}  // namespace

void Announcer::AlertAccepted(const AlertNotice& notice, AlertChange change) {
  metrics_.CountAlert(notice.status, change);
  logger_.Debug("alert accepted", {{"alert", notice.labels.ToString()},
                                   {"status", ToString(notice.status)},
                                   {"change", ToString(change)}});
}

void Announcer::Happened(const Incident& incident, const TimelineEvent& event) {
  Count(incident, event);
  const std::initializer_list<LogField> fields = {{"kind", ToString(event.kind)},
                                                  {"incident", incident.id},
                                                  {"target", incident.target.ToDisplayName()},
                                                  {"action", FieldOf(event, "action")},
                                                  {"reason", WordOf(event)},
                                                  {"text", event.text}};
  if (CallsHuman(event)) {
    logger_.Error("human needed", fields);
  } else if (Recommends(event)) {
    logger_.Warn("recommendation", fields);
  } else {
    logger_.Info("incident", fields);
  }
}

void Announcer::FoundOrphan(const Orphan& orphan) {
  logger_.Warn("override on no record: left alone", {{"target", orphan.target.ToDisplayName()},
                                                     {"gateway", orphan.keeper},
                                                     {"place", orphan.subject},
                                                     {"value", orphan.value}});
}

void Announcer::StormChanged(bool begins, const StormLimit& limit) {
  if (begins) {
    logger_.Error("human needed",
                  {{"kind", "storm"},
                   {"reason", ToString(DecisionReason::kStorm)},
                   {"text", "too many incidents opened at once: no action is started"},
                   {"more_than", std::to_string(limit.incidents)},
                   {"within", FormatDuration(limit.window)}});
  } else {
    logger_.Info("storm is over", {{"kind", "storm"}});
  }
}

void Announcer::CarriedOut(const Order& order, const OrderReport& report) {
  logger_.Warn("order carried out", {{"order", ToString(order.kind)},
                                     {"by", order.by},
                                     {"from", order.from},
                                     {"why", order.why},
                                     {"target", order.target.ToDisplayName()},
                                     {"incident", order.incident_id},
                                     {"result", report.text}});
}

void Announcer::WasFalseAlarm(const Incident& incident) { metrics_.CountFalseAlarm(incident); }

void Announcer::HeardWatchdog(Time now) { metrics_.SetWatchdog(now); }

void Announcer::Count(const Incident& incident, const TimelineEvent& event) {
  switch (event.kind) {
    case TimelineKind::kDecision:
      metrics_.CountDecision(std::string(FieldOf(event, "reason")));
      break;
    case TimelineKind::kIntent:
      if (incident.attempts.size() == 1) metrics_.ObserveTimeToAct(event.time - incident.opened_at);
      break;
    case TimelineKind::kAction:
      if (FieldOf(event, "result") == "observing") break;
      metrics_.CountAction(std::string(FieldOf(event, "action")),
                           std::string(FieldOf(event, "result")));
      break;
    case TimelineKind::kVerdict:
      metrics_.CountVerdict(incident, std::string(FieldOf(event, "action")),
                            std::string(FieldOf(event, "verdict")));
      break;
    case TimelineKind::kClosed:
      metrics_.CountClosed(incident.outcome.value_or(Outcome::kRecovered));
      if (incident.recovered_at) {
        metrics_.ObserveTimeToRecover(*incident.recovered_at - incident.opened_at);
      }
      break;
    case TimelineKind::kAlert:
    case TimelineKind::kOverride:
    case TimelineKind::kPerson:
    case TimelineKind::kVerification:
      break;
  }
}

}  // namespace promheal::healing
