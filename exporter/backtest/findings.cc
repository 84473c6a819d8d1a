#include "exporter/backtest/findings.h"

#include <fmt/format.h>

#include "common/base/duration.h"
#include "common/base/time_argument.h"
#include "exporter/backtest/incidents.h"

namespace promheal::anomaly {
namespace {

std::string Percent(const std::optional<double>& share) {
  return share ? fmt::format("{:.0f} %", 100.0 * *share) : "-";
}

std::string Seconds(const std::optional<double>& seconds) {
  if (!seconds) return "-";
  return FormatDuration(std::chrono::seconds(static_cast<int64_t>(*seconds)));
}

std::string HeadLines(const Question& question, const Findings& findings) {
  const Evaluation& fleet = findings.fleet;
  if (!question.has_incidents) {
    return fmt::format("alerts                     {}, {:.3g} a target and week\n", fleet.alerts(),
                       fleet.false_alerts_a_week());
  }
  return fmt::format(
      "incidents found (recall)   {} of {}, {}\n"
      "right alerts (precision)   {} of {}, {}; {} more on other targets meanwhile\n"
      "delay, median              {}\n"
      "false alerts               {}, {:.3g} a target and week\n",
      fleet.found, fleet.incidents, Percent(fleet.recall()), fleet.right_alerts,
      fleet.right_alerts + fleet.false_alerts, Percent(fleet.precision()), fleet.spread_alerts,
      Seconds(fleet.median_delay()), fleet.false_alerts, fleet.false_alerts_a_week());
}

std::string BudgetLine(const Question& question, const BudgetOutcome& outcome, bool configured) {
  const Evaluation& evaluation = outcome.evaluation;
  std::string line = fmt::format("{}{:>11.3g}  {:>9.2f}  {:>6}  {:>10.3g}", configured ? '*' : ' ',
                                 outcome.alert_budget, outcome.threshold, evaluation.alerts(),
                                 evaluation.false_alerts_a_week());
  if (question.has_incidents) {
    line += fmt::format("  {:>9}  {:>9}  {:>8}", Percent(evaluation.precision()),
                        Percent(evaluation.recall()), Seconds(evaluation.median_delay()));
  }
  return line + "\n";
}

}  // namespace

Findings EvaluateReplay(const ExporterConfig& config, const Question& question,
                        const ReplaySummary& summary, const Recorder& recorder) {
  Findings findings{.replay = summary};
  const auto incidents = IncidentsWithin(question.incidents, question.replay.judged);
  const std::vector<TargetScores> scores = recorder.scores();
  findings.fleet = EvaluateFleet(scores, recorder.grid(), incidents, 1.0, question.persist);
  for (const auto& [target, record] : recorder.targets()) {
    findings.targets.push_back(
        {.record = &record,
         .evaluation = Evaluate(record.scores, recorder.grid(), incidents, 1.0, question.persist),
         .alerts = FindAlerts(record.scores, recorder.grid(), 1.0, question.persist)});
  }
  findings.budgets = CompareBudgets(config, scores, recorder.grid(), incidents, question.persist);
  findings.judged_incidents = incidents;
  return findings;
}

std::string SummaryText(const ExporterConfig& config, const Question& question,
                        const Findings& findings) {
  const Stretch& judged = question.replay.judged;
  std::string text = fmt::format("{} targets from {} to {}, every {}: {} of {} rows scored\n",
                                 findings.replay.targets, TimeText(judged.from),
                                 TimeText(judged.to), FormatDuration(config.interval),
                                 findings.replay.scored_rows, findings.replay.rows);
  if (findings.replay.targets_over_limit > 0) {
    text += fmt::format("{} targets were left out: max_targets is {}\n",
                        findings.replay.targets_over_limit, config.max_targets);
  }
  text += fmt::format("\nAn alert is {} scores above 1 in a row, at alert_budget: {:.3g}\n",
                      question.persist, config.alert_budget);
  text += HeadLines(question, findings);
  text += "\nalert_budget  threshold  alerts  false/week";
  if (question.has_incidents) text += "  precision     recall     delay";
  text += "\n";
  for (size_t i = 0; i < findings.budgets.outcomes.size(); ++i) {
    text += BudgetLine(question, findings.budgets.outcomes[i], i == findings.budgets.configured);
  }
  return text + "\n" + Proposal(config, findings) + "\n";
}

std::string Proposal(const ExporterConfig& config, const Findings& findings) {
  const BudgetTable& budgets = findings.budgets;
  if (!budgets.proposed) {
    return "No alert_budget is proposed: a proposal needs incidents, at least one of them found; "
           "or, "
           "without incidents, a history long enough to expect three alerts, and a budget that "
           "raised "
           "no more alerts than configured.";
  }
  const BudgetOutcome& configured = budgets.outcomes[budgets.configured];
  const BudgetOutcome& proposed = budgets.outcomes[*budgets.proposed];
  const Evaluation& now = configured.evaluation;
  const Evaluation& then = proposed.evaluation;
  if (*budgets.proposed == budgets.configured) {
    return fmt::format("The configured alert_budget: {:.3g} is the best of those compared.",
                       config.alert_budget);
  }
  if (now.incidents == 0) {
    return fmt::format(
        "Proposed is alert_budget: {:.3g}, with about {} alerts instead of {} under the configured "
        "{:.3g}. It is the largest budget that raised at most {:.3g} alerts a target and week.",
        proposed.alert_budget, then.alerts(), now.alerts(), config.alert_budget,
        config.alert_budget);
  }
  return fmt::format(
      "Proposed is alert_budget: {:.3g}, which would have found {} of {} incidents with {} false "
      "alerts. The configured {:.3g} found {} with {}.",
      proposed.alert_budget, then.found, then.incidents, then.false_alerts, config.alert_budget,
      now.found, now.false_alerts);
}

}  // namespace promheal::anomaly
