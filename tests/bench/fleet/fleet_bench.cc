// Feeds weeks of a simulated fleet to the detectors, and prints false alerts for comparison with
// the budget, and which faults are found after how long. It is fast because it needs no Prometheus;
// `run` does the same with a real Prometheus.

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <optional>
#include <string>

#include "exporter/core/feature_table.h"
#include "exporter/core/tail/threshold.h"
#include "exporter/scoring/fleet.h"
#include "tests/bench/command_line.h"
#include "tests/bench/fleet/feature_rows.h"
#include "tests/bench/fleet/judge.h"

namespace promheal::anomaly {
namespace {

struct BenchOptions {
  SimulationOptions simulation;
  int targets = 100;
  int first = 0;
  double budget = 1.0;
  double window_days = 15.0;
  double retrain_hours = 24.0;
  bool minimums = true;
  bool whole_windows = false;
  bool seasons = true;
  EvidenceParts parts;
  std::string judge;  // A CSV of scores to judge instead; "" = run the detectors.
};

struct Watched {
  std::string name;
  SimulatedTarget target;
  FeatureRows rows;
  TargetJudge judge;
};

// The persistence of the shipped rules, which wait for 30 s.
int PersistenceOf(const BenchOptions& bench) {
  const Duration alert_for = std::chrono::seconds(30);
  return static_cast<int>((alert_for + bench.simulation.step - Duration(1)) /
                          bench.simulation.step) +
         1;
}

DetectorOptions OptionsOf(const BenchOptions& bench) {
  const Duration step = bench.simulation.step;
  const auto samples = [&](double hours) {
    return static_cast<int>(hours * 3'600'000.0 / static_cast<double>(step.count()));
  };
  DetectorOptions options;
  options.training.minimum_rows = 60;
  options.training.persistence = PersistenceOf(bench);
  options.training.baseline_horizon = samples(1.0);
  if (bench.seasons) {
    options.training.seasonality.cycles = {std::chrono::days(1), std::chrono::weeks(1)};
  }
  options.training.parts = bench.parts;
  options.window_rows = samples(24.0 * bench.window_days);
  options.log_q = LogAlertProbability(bench.budget, step);
  options.retrain_every = step * samples(bench.retrain_hours);
  options.accept_after = std::chrono::hours(1);
  return options;
}

// Scores a row. The feature rules mark NaN as undefined and apply traffic floors.
double ScoreOf(Detector& detector, const FeatureSet& features, Time now, Eigen::RowVectorXd row) {
  std::vector<CellState> states(static_cast<size_t>(row.size()), CellState::kPresent);
  ApplyFeatureRules(features, row, states);
  const auto score = detector.Observe(now, row, states);
  return score ? score->anomaly_score : 0.0;
}

void PrintVerdict(const std::string& name, const Verdict& verdict) {
  fmt::print("{:<14} {:>8.1f} {:>24} {:>8}", name, verdict.target_weeks,
             RateWithInterval(verdict.false_alerts, verdict.target_weeks), verdict.near_deploys);
  for (const auto& [kind, found] : verdict.kinds) {
    std::vector<double> delays = found.delay_seconds;
    std::sort(delays.begin(), delays.end());
    fmt::print("  {:>4.2f}/{:<5.0f}",
               static_cast<double>(delays.size()) / std::max(1, found.faults),
               delays.empty() ? 0.0 : delays[delays.size() / 2]);
  }
  fmt::print("\n");
}

void Print(const std::vector<Watched>& watched) {
  fmt::print("{:<14} {:>8} {:>24} {:>8}  found/median delay s of:", "", "weeks",
             "false alerts/target/week", "deploys");
  for (int kind = 0; kind < kFaultKinds; ++kind) {
    fmt::print(" {},", ToString(static_cast<FaultKind>(kind)));
  }
  fmt::print("\n");
  Verdict all;
  std::map<std::string, Verdict> groups;
  for (const Watched& each : watched) {
    each.judge.AddTo(all);
    each.judge.AddTo(
        groups[each.target.sparse() ? "sparse" : std::string(ToString(each.target.rhythm()))]);
  }
  for (const auto& [name, verdict] : groups) PrintVerdict(name, verdict);
  PrintVerdict("all", all);
}

std::vector<Watched> Watch(const BenchOptions& bench) {
  const AlertRule rule{.persistence = PersistenceOf(bench)};
  const Time judged_from =
      bench.simulation.start + std::chrono::days(bench.simulation.training_days);
  std::vector<Watched> watched;
  for (int i = bench.first; i < bench.first + bench.targets; ++i) {
    const SimulatedTarget target(bench.simulation, i);
    watched.push_back({fmt::format("s{:04}", i), target,
                       FeatureRows(bench.simulation.step, bench.whole_windows),
                       TargetJudge(target, rule, bench.simulation.step, judged_from)});
  }
  return watched;
}

// Judges scores that backtest wrote: timestamp,target,anomaly_score,... in order of time.
int Judge(const BenchOptions& bench, const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  std::map<std::string, std::map<int64_t, double>> scores;
  while (std::getline(file, line)) {
    const size_t first = line.find(',');
    const size_t second = line.find(',', first + 1);
    if (second == std::string::npos) continue;
    scores[line.substr(first + 1, second - first - 1)][std::stoll(line)] =
        std::strtod(line.c_str() + second + 1, nullptr);
  }
  if (scores.empty()) {
    std::cerr << path << ": no scores\n";
    return 1;
  }
  std::vector<Watched> watched = Watch(bench);
  const int64_t start = bench.simulation.start.time_since_epoch() / std::chrono::seconds(1);
  const int64_t step = bench.simulation.step / std::chrono::seconds(1);
  for (Watched& each : watched) {
    const std::map<int64_t, double>& of_target = scores[each.name];
    for (int64_t t = start + step; t <= start + bench.simulation.days * 86'400; t += step) {
      const auto it = of_target.find(t);
      each.judge.Observe(Time(std::chrono::seconds(t)), it == of_target.end() ? 0.0 : it->second);
    }
  }
  Print(watched);
  return 0;
}

void Run(const BenchOptions& bench) {
  const FeatureSet features = FeatureRows::Features(bench.minimums);
  Fleet fleet(features, OptionsOf(bench), bench.targets);
  std::vector<Watched> watched = Watch(bench);
  const auto steps = std::chrono::days(bench.simulation.days) / bench.simulation.step;
  for (int64_t step = 0; step < steps; ++step) {
    for (Watched& each : watched) {
      const auto row = each.rows.Next(each.target.Next());
      const Time now = each.target.now();
      if (!row) {
        each.judge.Observe(now, 0.0);
        continue;
      }
      const Labels label({{"service", each.name}});
      Detector& detector = *fleet.Watch(label);
      each.judge.Observe(now, ScoreOf(detector, features, now, *row));
      if (detector.TrainingDue(now)) (void)fleet.Train(label, now);
    }
  }
  Print(watched);
}

// nullopt if the benchmark is to run, else its exit status.
std::optional<int> ReadOptions(int argc, const char* const* argv, BenchOptions& bench) {
  using promheal::bench::AtLeast;
  using promheal::bench::options::value;
  int64_t step_seconds = 60;
  promheal::bench::options::options_description flags;
  flags.add_options()("targets", AtLeast(1, "targets", &bench.targets), "How many services.")(
      "first", AtLeast(0, "first", &bench.first), "Number of the first service.")(
      "days", AtLeast(1, "days", &bench.simulation.days), "Simulated days.")(
      "training-days", AtLeast(0, "training-days", &bench.simulation.training_days),
      "First days, which are not judged.")("seed", value(&bench.simulation.seed)->default_value(1),
                                           "Seed of the simulation.")(
      "step", AtLeast<int64_t>(1, "step", &step_seconds), "Seconds a step.")(
      "budget", value(&bench.budget)->default_value(1.0), "False alerts a target and week.")(
      "window", value(&bench.window_days)->default_value(15.0), "Training window, days.")(
      "retrain", value(&bench.retrain_hours)->default_value(24.0), "Hours between trainings.")(
      "judge", value(&bench.judge), "Judge this CSV of backtest's instead of running detectors.")(
      "seasons", value(&bench.seasons)->default_value(true), "Expect days and weeks.")(
      "forest", value(&bench.parts.forest)->default_value(true), "Use the forest's evidence.")(
      "range-factor", value(&bench.parts.range_factor)->default_value(true),
      "Use the range factor.")(
      "feature-evidence", value(&bench.parts.features)->default_value(true),
      "Use each feature's own evidence.")("minimums", value(&bench.minimums)->default_value(true),
                                          "Use the presets' minimum deviations.")(
      "whole-windows", value(&bench.whole_windows)->default_value(false),
      "Have no rates over windows with failed scrapes.");
  const auto status = promheal::bench::ReadCommandLine(
      argc, argv, "fleet_bench [--FLAG=VALUE]...\n\nRuns a simulated fleet through the detectors.",
      flags);
  bench.simulation.step = std::chrono::seconds(step_seconds);
  return status;
}

}  // namespace
}  // namespace promheal::anomaly

int main(int argc, char** argv) {
  promheal::anomaly::BenchOptions bench;
  if (const auto status = promheal::anomaly::ReadOptions(argc, argv, bench)) return *status;
  if (!bench.judge.empty()) return promheal::anomaly::Judge(bench, bench.judge);
  promheal::anomaly::Run(bench);
}
