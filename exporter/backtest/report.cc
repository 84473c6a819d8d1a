#include "exporter/backtest/report.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/base/duration.h"
#include "common/base/time_argument.h"
#include "common/io/http/http_server.h"
#include "exporter/backtest/plot.h"
#include "exporter/backtest/target_plots.h"

namespace promheal::anomaly {
namespace {

constexpr size_t kMostPlotted = 20;  // More would make the page slow to open.

constexpr char kHead[] = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Backtest</title>
<style>
:root { color-scheme: light dark; --rule: #8884; --accent: #d9480f; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { margin: 0; } h2 { margin: 2.5rem 0 .5rem; } h3 { margin: 2rem 0 .3rem; }
.note { opacity: .7; } a { color: var(--accent); }
.facts { display: flex; flex-wrap: wrap; gap: 1rem; margin: 1.5rem 0; }
.facts div { border: 1px solid var(--rule); border-radius: .4rem; padding: .5rem 1rem; }
.facts b { display: block; font-size: 1.5rem; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
th { text-align: right; font-weight: 600; } th:first-child, td:first-child { text-align: left; }
th, td { border-bottom: 1px solid var(--rule); padding: .3rem .6rem; text-align: right; }
tr.now td { font-weight: 600; } tr.proposed td { color: var(--accent); }
.plot { display: block; width: 100%; height: auto; }
.key i { display: inline-block; width: 1.2rem; height: .7rem; margin: 0 .3rem 0 1rem; }
</style>
<style>)";

constexpr char kKey[] =
    "<p class=\"note key plot\"><i style=\"background:var(--value)\"></i>value or score"
    "<i style=\"background:var(--band)\"></i>expected<i style=\"background:var(--incident)\"></i>"
    "incident<i style=\"background:var(--alert)\"></i>alert, threshold. Times are UTC. Triangles "
    "mark values beyond the plot.</p>\n";

std::string Percent(const std::optional<double>& share) {
  return share ? fmt::format("{:.0f} %", 100.0 * *share) : "–";
}

std::string Seconds(const std::optional<double>& seconds) {
  if (!seconds) return "–";
  return FormatDuration(std::chrono::seconds(static_cast<int64_t>(*seconds)));
}

std::string Fact(const std::string& value, std::string_view label) {
  return fmt::format("<div><b>{}</b>{}</div>\n", value, label);
}

std::string Introduction(const ExporterConfig& config, const Question& question,
                         const Findings& findings) {
  const ReplayOptions& replay = question.replay;
  const std::string learnt =
      replay.training ? fmt::format("Models learnt once, from {} to {}.",
                                    TimeText(replay.training->from), TimeText(replay.training->to))
                      : "Each score uses only data that existed at its time. Models were retrained "
                        "as the exporter would have retrained them.";
  return fmt::format(
      "<h1>Backtest of {} targets</h1>\n<p>From {} to {}, every {}. {} An alert is {} scores above "
      "1 in a row; <code>alert_budget</code> is {:.3g} false alerts a target and week.</p>\n",
      findings.replay.targets, TimeText(replay.judged.from), TimeText(replay.judged.to),
      FormatDuration(config.interval), learnt, question.persist, config.alert_budget);
}

std::string Facts(const Question& question, const Findings& findings) {
  const Evaluation& fleet = findings.fleet;
  std::string facts = "<div class=\"facts\">\n";
  if (question.has_incidents) {
    facts += Fact(fmt::format("{} of {}", fleet.found, fleet.incidents), "incidents found");
    facts += Fact(Percent(fleet.precision()), "of alerts are right");
    facts += Fact(Seconds(fleet.median_delay()), "median delay");
    facts +=
        Fact(fmt::format("{:.3g}", fleet.false_alerts_a_week()), "false alerts a target and week");
  } else {
    facts += Fact(fmt::format("{}", fleet.alerts()), "alerts");
    facts += Fact(fmt::format("{:.3g}", fleet.false_alerts_a_week()), "alerts a target and week");
  }
  return facts + Fact(fmt::format("{:.1f}", fleet.target_weeks), "target-weeks scored") +
         "</div>\n";
}

std::string BudgetRows(const Findings& findings) {
  std::string rows;
  for (size_t i = 0; i < findings.budgets.outcomes.size(); ++i) {
    const BudgetOutcome& outcome = findings.budgets.outcomes[i];
    const Evaluation& evaluation = outcome.evaluation;
    const bool now = i == findings.budgets.configured;
    const bool proposed = i == findings.budgets.proposed;
    rows += fmt::format(
        "<tr class=\"{}{}\"><td>{:.3g}{}</td><td>{:.2f}</td><td>{}</td><td>{:.3g}</td><td>{}</td>"
        "<td>{}</td><td>{}</td></tr>\n",
        now ? "now " : "", proposed ? "proposed" : "", outcome.alert_budget,
        now ? " (now)" : (proposed ? " (proposed)" : ""), outcome.threshold, evaluation.alerts(),
        evaluation.false_alerts_a_week(), Percent(evaluation.precision()),
        Percent(evaluation.recall()), Seconds(evaluation.median_delay()));
  }
  return rows;
}

std::string Budgets(const ExporterConfig& config, const Findings& findings) {
  return fmt::format(
      "<h2>Other budgets</h2>\n<p>{} Figures for other budgets are approximate: with them, models "
      "would have learnt from other samples.</p>\n<div class=\"scroll\"><table><tr>"
      "<th>alert_budget</th><th>alerts above this score</th><th>alerts</th><th>false alerts a "
      "target "
      "and week</th><th>precision</th><th>recall</th><th>delay</th></tr>\n{}</table></div>\n",
      EscapeHtml(Proposal(config, findings)), BudgetRows(findings));
}

// The targets to plot: those with incidents first, each group by its highest score.
std::vector<const TargetFindings*> Plotted(const Findings& findings) {
  std::vector<const TargetFindings*> targets;
  for (const TargetFindings& target : findings.targets) targets.push_back(&target);
  std::stable_sort(targets.begin(), targets.end(),
                   [](const TargetFindings* a, const TargetFindings* b) {
                     const bool first = a->evaluation.incidents > 0;
                     const bool second = b->evaluation.incidents > 0;
                     if (first != second) return first;
                     return a->record->highest_score > b->record->highest_score;
                   });
  if (targets.size() > kMostPlotted) targets.resize(kMostPlotted);
  return targets;
}

std::string TargetRows(const Findings& findings,
                       const std::vector<const TargetFindings*>& plotted) {
  std::string rows;
  for (const TargetFindings& target : findings.targets) {
    const Evaluation& evaluation = target.evaluation;
    const std::string name = EscapeHtml(target.record->scores.target);
    const auto it = std::find(plotted.begin(), plotted.end(), &target);
    const std::string cell =
        it == plotted.end() ? name
                            : fmt::format("<a href=\"#t{}\">{}</a>", it - plotted.begin(), name);
    rows += fmt::format(
        "<tr><td>{}</td><td>{} of {}</td><td>{}</td><td>{}</td><td>{:.3g}</td><td>{:.2f}</td></tr>"
        "\n",
        cell, evaluation.found, evaluation.incidents, evaluation.right_alerts,
        evaluation.false_alerts, evaluation.target_weeks, target.record->highest_score);
  }
  return rows;
}

}  // namespace

std::string ReportPage(const ExporterConfig& config, const Question& question,
                       const Findings& findings, const Recorder& recorder) {
  const std::vector<const TargetFindings*> plotted = Plotted(findings);
  std::string page = kHead;
  page += kPlotStyle;
  page += "</style></head><body>\n";
  page += Introduction(config, question, findings);
  page += Facts(question, findings);
  page += Budgets(config, findings);
  page += fmt::format(
      "<h2>Targets</h2>\n<div class=\"scroll\"><table><tr><th>target</th><th>incidents found</th>"
      "<th>right alerts</th><th>false alerts</th><th>weeks scored</th><th>highest score</th></tr>\n"
      "{}</table></div>\n",
      TargetRows(findings, plotted));
  page += "<h2>Plots</h2>\n";
  if (plotted.size() < findings.targets.size()) {
    page += fmt::format(
        "<p>Plots of {} of {} targets: those with incidents first, then those with the "
        "highest scores.</p>\n",
        plotted.size(), findings.targets.size());
  }
  page += kKey;
  for (size_t i = 0; i < plotted.size(); ++i) {
    page +=
        fmt::format("<h3 id=\"t{}\">{}</h3>\n", i, EscapeHtml(plotted[i]->record->scores.target));
    for (const Plot& plot : TargetPlots(config, findings, recorder, *plotted[i])) {
      page += ToSvg(plot);
    }
  }
  return page + "</body></html>\n";
}

}  // namespace promheal::anomaly
