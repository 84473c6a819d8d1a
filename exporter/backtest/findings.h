#pragma once

#include <string>
#include <vector>

#include "exporter/backtest/budgets.h"
#include "exporter/backtest/evaluation.h"
#include "exporter/backtest/recorder.h"
#include "exporter/backtest/replay.h"
#include "exporter/config/config.h"

namespace promheal::anomaly {

// A backtest's options, and the incidents to judge it by.
struct Question {
  ReplayOptions replay;
  bool has_incidents = false;  // Whether --incidents was given.
  std::vector<Incident> incidents;
  int persist = 2;  // How many scores in a row above the threshold are an alert.
};

struct TargetFindings {
  const TargetRecord* record = nullptr;  // Owned by the recorder.
  Evaluation evaluation;
  std::vector<Alert> alerts;
};

struct Findings {
  ReplaySummary replay;
  std::vector<Incident> judged_incidents;  // Incidents that begin in the judged stretch.
  Evaluation fleet;
  std::vector<TargetFindings> targets;  // In order of their labels.
  BudgetTable budgets;
};

// `recorder` must outlive the findings.
Findings EvaluateReplay(const ExporterConfig& config, const Question& question,
                        const ReplaySummary& summary, const Recorder& recorder);

// Text for a terminal: facts such as "incidents found (recall)   3 of 4, 75 %", then a table of
// budgets.
std::string SummaryText(const ExporterConfig& config, const Question& question,
                        const Findings& findings);

// A sentence that proposes an alert_budget and says why.
std::string Proposal(const ExporterConfig& config, const Findings& findings);

}  // namespace promheal::anomaly
