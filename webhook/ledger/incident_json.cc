// Incidents: a part of record_json.h.
#include "webhook/ledger/override_json.h"
#include "webhook/ledger/record_json.h"

namespace promheal::healing {
namespace {

using Json = nlohmann::json;

Json ToJson(const Attempt& attempt) {
  Json json = {{"id", attempt.id},
               {"policy", attempt.policy},
               {"rung", attempt.rung},
               {"action", attempt.action},
               {"intended_at", TimeJson(attempt.intended_at)},
               {"deadline", TimeJson(attempt.deadline)},
               {"state", ToString(attempt.state)},
               {"detail", attempt.detail}};
  if (attempt.holds) json["holds"] = true;
  PutTime(json, "finished_at", attempt.finished_at);
  if (attempt.verdict) json["verdict"] = ToString(*attempt.verdict);
  return json;
}

Attempt AttemptFrom(const Json& json) {
  Attempt attempt;
  json.at("id").get_to(attempt.id);
  json.at("policy").get_to(attempt.policy);
  json.at("rung").get_to(attempt.rung);
  json.at("action").get_to(attempt.action);
  attempt.intended_at = TimeAt(json, "intended_at");
  attempt.deadline = TimeAt(json, "deadline");
  attempt.finished_at = OptionalTimeAt(json, "finished_at");
  attempt.state = EnumAt(json, "state", AttemptState::kNotHappened);
  if (json.contains("verdict")) {
    attempt.verdict = EnumAt(json, "verdict", ActionVerdict::kNotHappened);
  }
  json.at("detail").get_to(attempt.detail);
  attempt.holds = json.value("holds", false);
  return attempt;
}

Json ToJson(const Decision& decision) {
  Json json = {{"decision", ToString(decision.kind)}, {"reason", ToString(decision.reason)},
               {"policy", decision.policy},           {"rung", decision.rung},
               {"action", decision.action},           {"text", decision.text}};
  PutTime(json, "until", decision.until);
  return json;
}

Decision DecisionFrom(const Json& json) {
  const std::string reason = json.at("reason").get<std::string>();
  const auto parsed = ParseDecisionReason(reason);
  if (!parsed) throw std::runtime_error("unknown reason '" + reason + "'");
  Decision decision;
  decision.kind = KindOf(*parsed);
  decision.reason = *parsed;
  json.at("policy").get_to(decision.policy);
  json.at("rung").get_to(decision.rung);
  json.at("action").get_to(decision.action);
  json.at("text").get_to(decision.text);
  decision.until = OptionalTimeAt(json, "until");
  return decision;
}

// Fields are siblings of time, kind and text: {"time": ..., "kind": "decision", "reason":
// "cooldown"}.
Json ToJson(const TimelineEvent& event) {
  Json json = {
      {"time", TimeJson(event.time)}, {"kind", ToString(event.kind)}, {"text", event.text}};
  for (const auto& [name, value] : event.fields) json[name] = value;
  return json;
}

TimelineEvent EventFrom(const Json& json) {
  TimelineEvent event;
  event.time = TimeAt(json, "time");
  event.kind = EnumAt(json, "kind", TimelineKind::kClosed);
  for (const auto& [name, value] : json.items()) {
    if (name == "text") {
      value.get_to(event.text);
    } else if (name != "time" && name != "kind") {
      event.fields.emplace_back(name, value.get<std::string>());
    }
  }
  return event;
}

Json ToJson(const FalseAlarm& mark) {
  return {
      {"by", mark.by}, {"at", TimeJson(mark.at)}, {"why", mark.why}, {"scenario", mark.scenario}};
}

FalseAlarm FalseAlarmFrom(const Json& json) {
  FalseAlarm mark;
  json.at("by").get_to(mark.by);
  mark.at = TimeAt(json, "at");
  json.at("why").get_to(mark.why);
  json.at("scenario").get_to(mark.scenario);
  return mark;
}

template <typename T>
Json ToJsonList(const std::vector<T>& items) {
  Json json = Json::array();
  for (const T& item : items) json.push_back(ToJson(item));
  return json;
}

}  // namespace

void to_json(Json& json, const Incident& incident) {
  json = {{"id", incident.id},
          {"target", incident.target},
          {"target_name", incident.target.ToDisplayName()},
          {"state", ToString(incident.state)},
          {"scenario", incident.scenario},
          {"labels", incident.labels},
          {"alerts", incident.alert_keys},
          {"attempts", ToJsonList(incident.attempts)},
          {"overrides", incident.overrides},
          {"opened_at", TimeJson(incident.opened_at)},
          {"state_since", TimeJson(incident.state_since)},
          {"outcome_reason", incident.outcome_reason},
          {"events", ToJsonList(incident.timeline)},
          {"dropped_events", incident.dropped_events}};
  if (incident.last_decision) json["last_decision"] = ToJson(*incident.last_decision);
  for (const SkippedRung& rung : incident.skipped) {
    json["skipped"].push_back({{"policy", rung.policy}, {"rung", rung.rung}});
  }
  PutTime(json, "resolved_at", incident.resolved_at);
  PutTime(json, "recovered_at", incident.recovered_at);
  PutTime(json, "escalated_at", incident.escalated_at);
  PutTime(json, "closed_at", incident.closed_at);
  if (incident.outcome) json["outcome"] = ToString(*incident.outcome);
  if (incident.false_alarm) json["false_alarm"] = ToJson(*incident.false_alarm);
}

void from_json(const Json& json, Incident& incident) {
  json.at("id").get_to(incident.id);
  json.at("target").get_to(incident.target);
  incident.state = EnumAt(json, "state", IncidentState::kClosed);
  json.at("scenario").get_to(incident.scenario);
  json.at("labels").get_to(incident.labels);
  json.at("alerts").get_to(incident.alert_keys);
  for (const Json& attempt : json.at("attempts")) incident.attempts.push_back(AttemptFrom(attempt));
  // Records of earlier versions have no overrides.
  for (const Json& override : json.value("overrides", Json::array())) {
    incident.overrides.push_back(override.get<HeldOverride>());
  }
  for (const Json& rung : json.value("skipped", Json::array())) {
    incident.skipped.push_back(
        {rung.at("policy").get<std::string>(), rung.at("rung").get<size_t>()});
  }
  incident.opened_at = TimeAt(json, "opened_at");
  incident.state_since = TimeAt(json, "state_since");
  json.at("outcome_reason").get_to(incident.outcome_reason);
  for (const Json& event : json.at("events")) incident.timeline.push_back(EventFrom(event));
  json.at("dropped_events").get_to(incident.dropped_events);
  if (json.contains("last_decision")) incident.last_decision = DecisionFrom(json["last_decision"]);
  incident.resolved_at = OptionalTimeAt(json, "resolved_at");
  incident.recovered_at = OptionalTimeAt(json, "recovered_at");
  incident.escalated_at = OptionalTimeAt(json, "escalated_at");
  incident.closed_at = OptionalTimeAt(json, "closed_at");
  if (json.contains("outcome")) incident.outcome = EnumAt(json, "outcome", Outcome::kShadow);
  if (json.contains("false_alarm")) incident.false_alarm = FalseAlarmFrom(json["false_alarm"]);
}

}  // namespace promheal::healing
