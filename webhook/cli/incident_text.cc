#include "webhook/cli/incident_text.h"

#include <fmt/core.h>

#include <string_view>

#include "common/base/text_table.h"
#include "webhook/core/duration_text.h"

namespace promheal::healing {
namespace {

// A duration in a rough unit: "17.0s", "3m20s", "5h", "12d".
std::string Age(Duration age) {
  using std::chrono::hours;
  if (age < hours(1)) return DurationText(age);
  if (age < hours(48)) return fmt::format("{}h", age / hours(1));
  return fmt::format("{}d", age / hours(24));
}

std::string StateOf(const Incident& incident) {
  return std::string(incident.outcome ? ToString(*incident.outcome) : ToString(incident.state));
}

// "restart: healed", "throttle: ineffective, restart: healed".
std::string ActionsOf(const Incident& incident) {
  std::string text;
  for (const Attempt& attempt : incident.attempts) {
    const std::string_view state =
        attempt.verdict ? ToString(*attempt.verdict) : ToString(attempt.state);
    text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", attempt.action, state);
  }
  return text.empty() ? "none" : Printable(text);
}

std::string WhyOf(const Incident& incident) {
  if (!incident.outcome_reason.empty()) return Printable(incident.outcome_reason);
  if (!incident.last_decision) return "";
  return std::string(ToString(incident.last_decision->reason));
}

std::vector<std::string> RowOf(const Incident& incident, Time now) {
  const Time end = incident.closed_at.value_or(now);
  return {Printable(incident.target.ToDisplayName()),
          StateOf(incident),
          incident.scenario.empty() ? "-" : Printable(incident.scenario),
          ClockText(incident.opened_at),
          Age(end - incident.opened_at),
          ActionsOf(incident),
          fmt::format("{}  {}", Printable(incident.id), WhyOf(incident))};
}

}  // namespace

std::string IncidentTable(const std::vector<Incident>& incidents, Time now) {
  if (incidents.empty()) return "No incidents.\n";
  std::vector<std::vector<std::string>> rows = {
      {"TARGET", "STATE", "SCENARIO", "OPENED (UTC)", "LASTED", "ACTIONS", "ID AND REASON"}};
  for (const Incident& incident : incidents) rows.push_back(RowOf(incident, now));
  return TextTable(rows);
}

std::string Explanation(const Incident& incident) {
  std::string text = fmt::format("{}\n\n  target    {}\n  state     {}\n", Printable(incident.id),
                                 Printable(incident.target.ToDisplayName()), StateOf(incident));
  const auto add = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) text += fmt::format("  {:<9} {}\n", name, value);
  };
  add("scenario", Printable(incident.scenario));
  add("named by", Printable(incident.labels.Get("alertname")));
  add("opened", ClockText(incident.opened_at) + " UTC");
  if (incident.recovered_at) {
    add("recovered", "after " + Age(*incident.recovered_at - incident.opened_at));
  }
  if (incident.closed_at) add("closed", "after " + Age(*incident.closed_at - incident.opened_at));
  add("actions", ActionsOf(incident));
  if (incident.last_decision) add("because", Printable(incident.last_decision->text));
  text += "\n";
  for (const TimelineEvent& event : incident.timeline) {
    const double seconds = std::chrono::duration<double>(event.time - incident.opened_at).count();
    text += fmt::format("{:>+10.1f}s  {:<12}  {}\n", seconds, ToString(event.kind),
                        Printable(event.text));
  }
  if (incident.dropped_events > 0) {
    text += fmt::format("  ({} events from the middle were not kept)\n", incident.dropped_events);
  }
  return text;
}

}  // namespace promheal::healing
