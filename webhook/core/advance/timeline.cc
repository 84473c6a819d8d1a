#include "webhook/core/advance/timeline.h"

#include <fmt/core.h>

#include "webhook/core/duration_text.h"

namespace promheal::healing {
namespace {

std::string Text(std::string_view view) { return std::string(view); }

// "alert ServiceCrash fires: 1 of 1 slots is down".
std::string AlertText(const AlertRecord& alert) {
  const std::string_view name = alert.labels.Get("alertname");
  std::string text =
      fmt::format("alert {} fires", name.empty() ? std::string_view(alert.fingerprint) : name);
  if (alert.doubtful) text += " again without a new start: data must decide";
  const auto summary = alert.annotations.find("summary");
  if (summary != alert.annotations.end()) text += ": " + summary->second;
  return text;
}

std::string VerdictText(const Attempt& attempt) {
  switch (attempt.verdict.value_or(ActionVerdict::kUnknown)) {
    case ActionVerdict::kHealed:
      return attempt.action + " healed it";
    case ActionVerdict::kIneffective:
      return attempt.action + " did not help";
    case ActionVerdict::kFailed:
      return attempt.action + " failed";
    case ActionVerdict::kNotHappened:
      return attempt.action + " never took place";
    case ActionVerdict::kUnknown:
      break;
  }
  return "it is unknown whether " + attempt.action + " helped";
}

}  // namespace

TimelineEvent AlertEvent(Time now, const AlertRecord& alert) {
  return {.time = now,
          .kind = TimelineKind::kAlert,
          .text = AlertText(alert),
          .fields = {{"alert", Text(alert.labels.Get("alertname"))},
                     {"scenario", Text(alert.labels.Get("scenario"))},
                     {"severity", Text(alert.labels.Get("severity"))},
                     {"fingerprint", alert.fingerprint},
                     {"starts_at", FormatRfc3339(alert.starts_at)},
                     {"status", "firing"}}};
}

TimelineEvent AlertsResolvedEvent(Time now) {
  return {.time = now,
          .kind = TimelineKind::kAlert,
          .text = "all alerts are resolved; data must confirm it",
          .fields = {{"status", "resolved"}}};
}

TimelineEvent DecisionEvent(Time now, const Decision& decision) {
  TimelineEvent event{.time = now,
                      .kind = TimelineKind::kDecision,
                      .text = decision.text,
                      .fields = {{"decision", Text(ToString(decision.kind))},
                                 {"reason", Text(ToString(decision.reason))},
                                 {"policy", decision.policy},
                                 {"action", decision.action}}};
  if (decision.until) event.fields.emplace_back("until", FormatRfc3339(*decision.until));
  return event;
}

TimelineEvent IntentEvent(Time now, const Attempt& attempt, const std::string& target) {
  return {.time = now,
          .kind = TimelineKind::kIntent,
          .text = fmt::format("intends to {} {}", attempt.action, target),
          .fields = {{"action", attempt.action},
                     {"action_id", attempt.id},
                     {"policy", attempt.policy},
                     {"rung", std::to_string(attempt.rung)}}};
}

TimelineEvent ActionEvent(Time now, const Attempt& attempt) {
  return {.time = now,
          .kind = TimelineKind::kAction,
          .text = fmt::format("{}: {}{}{}", attempt.action, ToString(attempt.state),
                              attempt.detail.empty() ? "" : ": ", attempt.detail),
          .fields = {{"action", attempt.action},
                     {"action_id", attempt.id},
                     {"result", Text(ToString(attempt.state))}}};
}

TimelineEvent ObservingEvent(Time now, const Attempt& attempt, const std::string& why) {
  return {
      .time = now,
      .kind = TimelineKind::kAction,
      .text = fmt::format("{}: asks whether it took place, because {}", attempt.action, why),
      .fields = {{"action", attempt.action}, {"action_id", attempt.id}, {"result", "observing"}}};
}

TimelineEvent VerificationEvent(const Evidence& evidence, int in_a_row, int times) {
  const bool recovered = evidence.verdict == DataVerdict::kRecovered;
  return {.time = evidence.at,
          .kind = TimelineKind::kVerification,
          .text = recovered ? fmt::format("{} ({} of {} in a row)", evidence.text, in_a_row, times)
                            : evidence.text,
          .fields = {{"data", Text(ToString(evidence.verdict))},
                     {"in_a_row", std::to_string(in_a_row)},
                     {"verification", evidence.verification}}};
}

TimelineEvent VerdictEvent(Time now, const Attempt& attempt, const std::string& why) {
  return {
      .time = now,
      .kind = TimelineKind::kVerdict,
      .text = fmt::format("{}{}{}", VerdictText(attempt), why.empty() ? "" : ": ", why),
      .fields = {{"action", attempt.action},
                 {"action_id", attempt.id},
                 {"verdict", Text(ToString(attempt.verdict.value_or(ActionVerdict::kUnknown)))}}};
}

TimelineEvent OverrideEvent(Time now, const HeldOverride& override, std::string_view change,
                            const std::string& text) {
  return {.time = now,
          .kind = TimelineKind::kOverride,
          .text = fmt::format("{} {}", override.action, text),
          .fields = {{"action", override.action},
                     {"action_id", override.attempt_id},
                     {"change", Text(change)},
                     {"percent", std::to_string(override.held.percent)},
                     {"step", std::to_string(override.step)}}};
}

TimelineEvent PersonEvent(Time now, std::string_view order, const std::string& by,
                          const std::string& why) {
  const bool release = order == "release";
  return {
      .time = now,
      .kind = TimelineKind::kPerson,
      .text = fmt::format("{} {}{}{}", by,
                          release ? "released what is held in force" : "says it is a false alarm",
                          why.empty() ? "" : ": ", why),
      .fields = {{"order", Text(order)}, {"by", by}, {"why", why}}};
}

TimelineEvent ClosedEvent(Time now, const Incident& incident, const Ending& ending) {
  const std::string reason = ending.reason.empty() ? "" : " (" + ending.reason + ")";
  return {.time = now,
          .kind = TimelineKind::kClosed,
          .text = fmt::format("closed as {}{}, {} after its first alert", ToString(ending.outcome),
                              reason, DurationText(now - incident.opened_at)),
          .fields = {{"outcome", Text(ToString(ending.outcome))}, {"reason", ending.reason}}};
}

std::string_view FieldOf(const TimelineEvent& event, std::string_view name) {
  for (const auto& [key, value] : event.fields) {
    if (key == name) return value;
  }
  return "";
}

}  // namespace promheal::healing
