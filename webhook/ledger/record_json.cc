#include "webhook/ledger/record_json.h"

#include <array>
#include <stdexcept>

namespace promheal {

void to_json(nlohmann::json& json, const Labels& labels) {
  json = nlohmann::json::object();
  for (const auto& [name, value] : labels) json[name] = value;
}

void from_json(const nlohmann::json& json, Labels& labels) {
  std::vector<Labels::Pair> pairs;
  for (const auto& [name, value] : json.items()) pairs.emplace_back(name, value.get<std::string>());
  labels = Labels(std::move(pairs));
}

}  // namespace promheal

namespace promheal::healing {
namespace {

using Json = nlohmann::json;

Json ToJson(Time time) { return FormatRfc3339(time); }

Time TimeAt(const Json& json, const char* key) {
  const Result<Time> time = ParseRfc3339(json.at(key).get<std::string>());
  if (!time) throw std::runtime_error(time.error().message);
  return *time;
}

void PutTime(Json& json, const char* key, const std::optional<Time>& time) {
  if (time) json[key] = ToJson(*time);
}

std::optional<Time> OptionalTimeAt(const Json& json, const char* key) {
  if (!json.contains(key)) return std::nullopt;
  return TimeAt(json, key);
}

// The enumerator from 0 to `last` whose ToString is the text.
template <typename Enum>
Enum EnumOf(const std::string& text, Enum last) {
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    if (ToString(static_cast<Enum>(i)) == text) return static_cast<Enum>(i);
  }
  throw std::runtime_error("unknown value '" + text + "'");
}

template <typename Enum>
Enum EnumAt(const Json& json, const char* key, Enum last) {
  return EnumOf(json.at(key).get<std::string>(), last);
}

Json ToJson(const Attempt& attempt) {
  Json json = {{"id", attempt.id},
               {"policy", attempt.policy},
               {"rung", attempt.rung},
               {"action", attempt.action},
               {"intended_at", ToJson(attempt.intended_at)},
               {"deadline", ToJson(attempt.deadline)},
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

Json ToJson(const OverrideChange& change) {
  Json json = {{"keeper", change.keeper}, {"subject", change.subject}, {"before", change.before},
               {"after", change.after},   {"earlier", change.earlier}, {"run", change.run}};
  PutTime(json, "expires_at", change.expires_at);
  return json;
}

OverrideChange ChangeFrom(const Json& json) {
  OverrideChange change;
  json.at("keeper").get_to(change.keeper);
  json.at("subject").get_to(change.subject);
  json.at("before").get_to(change.before);
  json.at("after").get_to(change.after);
  json.at("earlier").get_to(change.earlier);
  json.at("run").get_to(change.run);
  change.expires_at = OptionalTimeAt(json, "expires_at");
  return change;
}

// `expires` is for readers; what counts stands with each place.
Json ToJson(const HeldOverride& one) {
  Json json = {{"attempt_id", one.attempt_id},
               {"policy", one.policy},
               {"rung", one.rung},
               {"action", one.action},
               {"target", one.held.target},
               {"percent", one.held.percent},
               {"places", Json::array()},
               {"state", ToString(one.phase)},
               {"full_percent", one.full_percent},
               {"step", one.step},
               {"since", ToJson(one.since)},
               {"step_since", ToJson(one.step_since)},
               {"next_release", ToJson(one.next_release)},
               {"tried_since", ToJson(one.tried_since)},
               {"relapses", one.relapses},
               {"relapsed", one.relapsed}};
  for (const OverrideChange& change : one.held.changes) json["places"].push_back(ToJson(change));
  PutTime(json, "expires", ExpiresAt(one.held));
  return json;
}

HeldOverride HeldFrom(const Json& json) {
  HeldOverride one;
  json.at("attempt_id").get_to(one.attempt_id);
  json.at("policy").get_to(one.policy);
  json.at("rung").get_to(one.rung);
  json.at("action").get_to(one.action);
  json.at("target").get_to(one.held.target);
  json.at("percent").get_to(one.held.percent);
  for (const Json& change : json.at("places")) one.held.changes.push_back(ChangeFrom(change));
  one.phase = EnumAt(json, "state", HoldPhase::kUndoing);
  json.at("full_percent").get_to(one.full_percent);
  json.at("step").get_to(one.step);
  one.since = TimeAt(json, "since");
  one.step_since = TimeAt(json, "step_since");
  one.next_release = TimeAt(json, "next_release");
  one.tried_since = TimeAt(json, "tried_since");
  json.at("relapses").get_to(one.relapses);
  json.at("relapsed").get_to(one.relapsed);
  return one;
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

// Fields stand beside time, kind and text: {"time": ..., "kind": "decision", "reason": "cooldown"}.
Json ToJson(const TimelineEvent& event) {
  Json json = {{"time", ToJson(event.time)}, {"kind", ToString(event.kind)}, {"text", event.text}};
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
  return {{"by", mark.by}, {"at", ToJson(mark.at)}, {"why", mark.why}, {"scenario", mark.scenario}};
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

void to_json(Json& json, const AlertRecord& alert) {
  json = {{"source", alert.source},
          {"fingerprint", alert.fingerprint},
          {"labels", alert.labels},
          {"annotations", alert.annotations},
          {"generator_url", alert.generator_url},
          {"starts_at", ToJson(alert.starts_at)},
          {"resolved_until", ToJson(alert.resolved_until)},
          {"resolved_received_at", ToJson(alert.resolved_received_at)},
          {"last_seen", ToJson(alert.last_seen)},
          {"has_fired", alert.has_fired},
          {"doubtful", alert.doubtful}};
}

void from_json(const Json& json, AlertRecord& alert) {
  json.at("source").get_to(alert.source);
  json.at("fingerprint").get_to(alert.fingerprint);
  json.at("labels").get_to(alert.labels);
  json.at("annotations").get_to(alert.annotations);
  json.at("generator_url").get_to(alert.generator_url);
  alert.starts_at = TimeAt(json, "starts_at");
  alert.resolved_until = TimeAt(json, "resolved_until");
  alert.resolved_received_at = TimeAt(json, "resolved_received_at");
  alert.last_seen = TimeAt(json, "last_seen");
  json.at("has_fired").get_to(alert.has_fired);
  json.at("doubtful").get_to(alert.doubtful);
}

void to_json(Json& json, const Incident& incident) {
  json = {{"id", incident.id},
          {"target", incident.target},
          {"target_name", incident.target.ToDisplayName()},
          {"state", ToString(incident.state)},
          {"scenario", incident.scenario},
          {"labels", incident.labels},
          {"alerts", incident.alert_keys},
          {"attempts", ToJsonList(incident.attempts)},
          {"overrides", ToJsonList(incident.overrides)},
          {"opened_at", ToJson(incident.opened_at)},
          {"state_since", ToJson(incident.state_since)},
          {"outcome_reason", incident.outcome_reason},
          {"events", ToJsonList(incident.timeline)},
          {"dropped_events", incident.dropped_events}};
  if (incident.last_decision) json["last_decision"] = ToJson(*incident.last_decision);
  for (const SkippedRung& one : incident.skipped) {
    json["skipped"].push_back({{"policy", one.policy}, {"rung", one.rung}});
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
  // Older records have none.
  for (const Json& one : json.value("overrides", Json::array())) {
    incident.overrides.push_back(HeldFrom(one));
  }
  for (const Json& one : json.value("skipped", Json::array())) {
    incident.skipped.push_back({one.at("policy").get<std::string>(), one.at("rung").get<size_t>()});
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

void to_json(Json& json, const CooldownRecord& cooldown) {
  Json uses = Json::array();
  for (const ActionUse& use : cooldown.uses) {
    uses.push_back({{"attempt_id", use.attempt_id}, {"at", ToJson(use.at)}});
  }
  json = {{"target", cooldown.target},
          {"action", cooldown.action},
          {"attempt_id", cooldown.attempt_id},
          {"not_before", ToJson(cooldown.not_before)},
          {"uses", std::move(uses)}};
}

void from_json(const Json& json, CooldownRecord& cooldown) {
  json.at("target").get_to(cooldown.target);
  json.at("action").get_to(cooldown.action);
  json.at("attempt_id").get_to(cooldown.attempt_id);
  cooldown.not_before = TimeAt(json, "not_before");
  // Older records have none.
  for (const Json& use : json.value("uses", Json::array())) {
    cooldown.uses.push_back({use.at("attempt_id").get<std::string>(), TimeAt(use, "at")});
  }
}

void to_json(Json& json, const FrozenRecord& frozen) {
  json = {{"target", frozen.target}, {"until", ToJson(frozen.until)}, {"reason", frozen.reason}};
  if (!frozen.by.empty()) json["by"] = frozen.by;
}

void from_json(const Json& json, FrozenRecord& frozen) {
  json.at("target").get_to(frozen.target);
  frozen.until = TimeAt(json, "until");
  json.at("reason").get_to(frozen.reason);
  frozen.by = json.value("by", "");
}

void to_json(Json& json, const Pause& pause) {
  json = {{"by", pause.by}, {"since", ToJson(pause.since)}, {"why", pause.why}};
}

void from_json(const Json& json, Pause& pause) {
  json.at("by").get_to(pause.by);
  pause.since = TimeAt(json, "since");
  json.at("why").get_to(pause.why);
}

}  // namespace promheal::healing
