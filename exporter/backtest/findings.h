#pragma once

#include <string>
#include <vector>

#include "exporter/backtest/budgets.h"
#include "exporter/backtest/evaluation.h"
#include "exporter/backtest/recorder.h"
#include "exporter/backtest/replay.h"
#include "exporter/config/config.h"

namespace promheal::anomaly {

// What a backtest is asked to find out.
struct Question {
  ReplayOptions replay;
  bool has_incidents = false;       // Whether it is known when something was wrong.
  std::vector<Incident> incidents;  // All that are known.
  int persist = 2;                  // So many scores above the threshold in a row are an alert.
};

struct TargetFindings {
  const TargetRecord* record = nullptr;  // In the recorder.
  Evaluation evaluation;
  std::vector<Alert> alerts;
};

struct Findings {
  ReplaySummary replay;
  std::vector<Incident> judged_incidents;  // Those that begin in the judged stretch.
  Evaluation fleet;
  std::vector<TargetFindings> targets;  // In order of their labels.
  BudgetTable budgets;
};

// `recorder` must outlive the findings.
Findings EvaluateReplay(const ExporterConfig& config, const Question& question,
                        const ReplaySummary& summary, const Recorder& recorder);

// "3 of 4 found (75 %)" and the like, one fact a line, then the table of budgets: for a terminal.
std::string SummaryText(const ExporterConfig& config, const Question& question,
                        const Findings& findings);

// One sentence on which alert_budget to take, and why.
std::string Proposal(const ExporterConfig& config, const Findings& findings);

}  // namespace promheal::anomaly
