#include "webhook/web/landing_page.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/io/http/http_server.h"
#include "common/io/program.h"
#include "webhook/core/duration_text.h"

namespace promheal::healing {
namespace {

constexpr char kHead[] = R"(<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>promheal healing webhook</title>
<style>
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --good: #2a8f4f; --bad: #c2372e;
        --busy: #b3760b; --calm: #3b78b5; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin: 0 } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem }
a { color: var(--calm) } nav a { margin-right: 1rem }
.incident { border: 1px solid var(--line); border-radius: 8px; padding: .7rem 1rem; margin: .6rem 0 }
.incident header { display: flex; gap: .8rem; align-items: baseline; flex-wrap: wrap }
.incident p { margin: .3rem 0 } time, .quiet { opacity: .7; font-size: .85rem }
.badge { border-radius: 99px; padding: 0 .6rem; color: #fff; font-size: .85rem; background: #777 }
.healed, .recovered { background: var(--good) } .escalated { background: var(--bad) }
.acting, .observing, .verifying, .pending, .collecting { background: var(--busy) }
.holding, .releasing, .watching, .shadow, .suppressed { background: var(--calm) }
table { border-collapse: collapse; width: 100% } td, th { text-align: left; padding: .25rem .6rem;
        border-bottom: 1px solid var(--line); vertical-align: top } th { font-weight: 600 }
.paused { border: 3px solid var(--bad); border-radius: 8px; padding: .4rem 1rem; margin: 1rem 0 }
.paused strong { font-size: 2.6rem; letter-spacing: .12em; color: var(--bad) }
.problem { background: var(--bad); color: #fff; border-radius: 8px; padding: .6rem 1rem }
</style></head><body>
)";

std::string Badge(std::string_view word) {
  return fmt::format("<span class=\"badge {0}\">{0}</span>", EscapeHtml(word));
}

std::string Seconds(Duration duration) {
  return fmt::format("{:+.1f}s", std::chrono::duration<double>(duration).count());
}

std::string Ago(Time now, Time then) { return DurationText(now - then) + " ago"; }

void Timeline(std::string& html, const Incident& incident) {
  html += "<details><summary>history</summary><table>";
  for (const TimelineEvent& event : incident.timeline) {
    html += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                        Seconds(event.time - incident.opened_at), ToString(event.kind),
                        EscapeHtml(event.text));
  }
  if (incident.dropped_events > 0) {
    html += fmt::format("<tr><td></td><td></td><td>{} lines in between are left out</td></tr>",
                        incident.dropped_events);
  }
  html += "</table></details>";
}

// The reason: the latest decision, or the outcome of a closed incident.
std::string Why(const Incident& incident) {
  if (incident.closed_at && !incident.timeline.empty()) return incident.timeline.back().text;
  if (incident.last_decision) return incident.last_decision->text;
  return "collecting alerts before the first decision";
}

// "in force: throttle 40% since 1m3s".
void InForce(std::string& html, const Incident& incident, Time now) {
  for (const HeldOverride& override : incident.overrides) {
    html += fmt::format("<p>{}: <strong>{} {}%</strong> since {}</p>",
                        MayBeInForce(override) ? "in force" : "let go, on probation",
                        EscapeHtml(override.action), override.held.percent,
                        DurationText(now - override.since));
  }
}

void OneIncident(std::string& html, const Incident& incident, Time now) {
  html += "<div class=\"incident\"><header>";
  html += Badge(incident.outcome ? ToString(*incident.outcome) : ToString(incident.state));
  const std::string name = incident.target.ToDisplayName();
  html += fmt::format(
      "<strong>{}</strong> <span>{}</span> <time>{}</time> "
      "<a class=\"quiet\" href=\"/api/v1/incidents/{}\">{}</a></header>",
      name.empty() ? "(no target)" : EscapeHtml(name), EscapeHtml(incident.scenario),
      Ago(now, incident.opened_at), EscapeHtml(incident.id), EscapeHtml(incident.id));
  html += fmt::format("<p>{}</p>", EscapeHtml(Why(incident)));
  InForce(html, incident, now);
  Timeline(html, incident);
  html += "</div>\n";
}

void Policies(std::string& html, const HealingConfig& config) {
  html += "<h2>Policies</h2><table><tr><th>policy</th><th>mode</th><th>ladder</th></tr>\n";
  for (const Policy& policy : config.policies.policies) {
    std::string ladder;
    for (const Rung& rung : policy.ladder) ladder += (ladder.empty() ? "" : " → ") + rung.action;
    html +=
        fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td></tr>\n", EscapeHtml(policy.name),
                    ToString(policy.mode), ladder.empty() ? "only notifies" : EscapeHtml(ladder));
  }
  html += "</table>";
}

void Paused(std::string& html, const HealingSnapshot& snapshot, Time now) {
  if (!snapshot.paused) return;
  const Pause& pause = *snapshot.paused;
  html += fmt::format(
      "<div class=\"paused\"><strong>PAUSED</strong><p>Nothing is started until a person resumes. "
      "By {}, {} ({}){}</p></div>",
      EscapeHtml(pause.by), Ago(now, pause.since), FormatRfc3339(pause.since),
      pause.why.empty() ? "" : ": " + EscapeHtml(pause.why));
}

void Maintenances(std::string& html, const HealingConfig& config, Time now) {
  std::string rows;
  for (const MaintenanceWindow& window : config.policies.maintenance) {
    const std::optional<Maintenance> open = OpenWindow(window, now);
    if (!open) continue;
    std::string match;
    for (const LabelMatch& label : window.match) {
      match += fmt::format("{}{}: {}", match.empty() ? "" : ", ", label.name, label.pattern);
    }
    rows += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td></tr>", EscapeHtml(window.name),
                        match.empty() ? "everything" : EscapeHtml(match),
                        open->until ? "until " + FormatRfc3339(*open->until) : "without an end");
  }
  if (!rows.empty()) {
    html += "<h2>In maintenance: nothing is started there</h2><table>" + rows + "</table>";
  }
}

void Frozen(std::string& html, const HealingSnapshot& snapshot, Time now) {
  if (snapshot.frozen.empty()) return;
  html += "<h2>Frozen: left to a human</h2><table>";
  for (const FrozenRecord& frozen : snapshot.frozen) {
    html += fmt::format("<tr><td>{}</td><td>{}{}</td><td>for another {}</td></tr>",
                        EscapeHtml(frozen.target.ToDisplayName()),
                        frozen.by.empty() ? "" : "by " + EscapeHtml(frozen.by) + " ",
                        EscapeHtml(frozen.reason), DurationText(frozen.until - now));
  }
  html += "</table>";
}

void OnNoRecord(std::string& html, const HealingSnapshot& snapshot) {
  if (snapshot.orphans.empty()) return;
  html += "<h2>In force at a gateway, but not on record</h2><table>";
  for (const Orphan& orphan : snapshot.orphans) {
    html += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td></tr>", EscapeHtml(orphan.subject),
                        EscapeHtml(orphan.value), EscapeHtml(orphan.keeper));
  }
  html += "</table>";
}

}  // namespace

std::string LandingPage(const HealingSnapshot& snapshot, const HealingConfig& config,
                        const std::string& ledger_problem, Time now) {
  constexpr size_t kClosedOnPage = 30;
  std::string html = kHead;
  html += fmt::format(
      "<header><h1>promheal healing webhook</h1><p class=\"quiet\">{}</p></header>"
      "<nav><a href=\"/api/v1/incidents\">incidents as JSON</a>"
      "<a href=\"/metrics\">metrics</a><a href=\"/config\">configuration</a>"
      "<a href=\"/-/healthy\">healthy</a><a href=\"/-/ready\">ready</a></nav>\n",
      EscapeHtml(VersionText("healing_webhook")));
  if (!ledger_problem.empty()) {
    html += fmt::format("<p class=\"problem\">Nothing is accepted and nothing is done: {}</p>",
                        EscapeHtml(ledger_problem));
  }
  Paused(html, snapshot, now);
  Maintenances(html, config, now);
  html += "<h2>Open incidents</h2>";
  if (snapshot.open.empty()) html += "<p>None: no alert says that anything is wrong.</p>";
  for (const auto& incident : snapshot.open) OneIncident(html, *incident, now);
  Frozen(html, snapshot, now);
  OnNoRecord(html, snapshot);
  html += "<h2>Closed incidents</h2>";
  if (snapshot.closed.empty()) html += "<p>None yet.</p>";
  for (size_t i = 0; i < std::min(snapshot.closed.size(), kClosedOnPage); ++i) {
    OneIncident(html, *snapshot.closed[i], now);
  }
  Policies(html, config);
  return html + "</body></html>\n";
}

}  // namespace promheal::healing
