#include "exporter/backtest/backtest_program.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <optional>
#include <string>
#include <utility>

#include "common/base/duration.h"
#include "common/base/time_argument.h"
#include "common/io/clock.h"
#include "common/io/file.h"
#include "common/io/program.h"
#include "exporter/backtest/findings.h"
#include "exporter/backtest/incidents.h"
#include "exporter/backtest/progress.h"
#include "exporter/backtest/recorder.h"
#include "exporter/backtest/replay.h"
#include "exporter/backtest/report.h"
#include "exporter/backtest/score_file.h"

namespace promheal::anomaly {
namespace {

const ProgramDescription kDescription = {
    .name = "anomaly_exporter backtest",
    .summary =
        "Scores the history in a Prometheus as the exporter would have scored it.\n\n"
        "It starts at --from, with the training.window of history before it, and goes on step by\n"
        "step. Each score uses only data that existed at its time, and models are retrained as "
        "the\n"
        "exporter would have retrained them. With --train-from and --train-to, models learn once,\n"
        "on that range, and only the adaptive baselines go on learning.\n\n"
        "A time is like 2022-08-22T08:10:00Z, Unix seconds, a duration before now like -2w, or now",
    .default_config_file = "exporter.yml",
    .serves_http = false};

constexpr char kFromAlerts[] = "alerts";  // A value of --incidents.

struct BacktestFlags {
  std::string from;
  std::string to;
  std::string step;
  std::string train_from;
  std::string train_to;
  std::string scores_out;
  std::string incidents;
  std::string persist;
  std::string report;
  std::string seed;
};

std::vector<ExtraFlag> FlagTable(BacktestFlags& flags) {
  return {
      {"from", "First time to score.", "-1d", &flags.from, nullptr, "TIME"},
      {"to", "Last time to score.", "now", &flags.to, nullptr, "TIME"},
      {"step", "Score at this interval instead of the configuration's.", "", &flags.step, nullptr,
       "DURATION"},
      {"train-from", "Train once, on the history from here to --train-to.", "", &flags.train_from,
       nullptr, "TIME"},
      {"train-to", "The end of the range that --train-from begins.", "", &flags.train_to, nullptr,
       "TIME"},
      {"scores-out",
       "Write timestamp,target,anomaly_score,isolation_score of every target and step to this CSV "
       "file.",
       "", &flags.scores_out, nullptr, "FILE"},
      {"incidents",
       "When something was wrong: a CSV file with the columns start, end and optionally target; "
       "or `alerts`: whenever another alert fired for the target, from the history of ALERTS.",
       "", &flags.incidents, nullptr, "FILE"},
      {"persist",
       "How many scores in a row above the threshold are an alert; without the flag, as many as "
       "fit alert_for.",
       "", &flags.persist, nullptr, "NUMBER"},
      {"report", "Write a self-contained HTML page with tables and plots to this file.", "",
       &flags.report, nullptr, "FILE"},
      {"seed", "Seed of the forests instead of the configuration's.", "", &flags.seed, nullptr,
       "NUMBER"},
  };
}

Result<Time> ReadTime(const char* flag, const std::string& text, Time now) {
  const Result<Time> time = ParseTimeArgument(text, now);
  if (!time) return Prefixed(flag, time.error());
  return *time;
}

Result<Stretch> ReadStretch(const std::string& from, const std::string& to, const char* prefix,
                            Time now) {
  const auto first = ReadTime(fmt::format("--{}from", prefix).c_str(), from, now);
  if (!first) return tl::make_unexpected(first.error());
  const auto last = ReadTime(fmt::format("--{}to", prefix).c_str(), to, now);
  if (!last) return tl::make_unexpected(last.error());
  if (*first >= *last) {
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("--{0}from ({1}) must lie before --{0}to ({2})", prefix,
                            TimeText(*first), TimeText(*last)));
  }
  return Stretch{*first, *last};
}

Result<ReplayOptions> ReadReplayOptions(const BacktestFlags& flags, Time now) {
  const auto judged = ReadStretch(flags.from, flags.to, "", now);
  if (!judged) return tl::make_unexpected(judged.error());
  ReplayOptions options{.judged = *judged, .training = std::nullopt};
  if (flags.train_from.empty() != flags.train_to.empty()) {
    return Fail(ErrorCode::kInvalidArgument,
                "--train-from and --train-to belong together: the other flag is missing");
  }
  if (flags.train_from.empty()) return options;
  const auto training = ReadStretch(flags.train_from, flags.train_to, "train-", now);
  if (!training) return tl::make_unexpected(training.error());
  options.training = *training;
  return options;
}

Result<std::optional<Duration>> ReadStep(const std::string& text) {
  if (text.empty()) return std::nullopt;
  const Result<Duration> step = ParseDuration(text);
  if (!step) return Prefixed("--step", step.error());
  if (*step >= std::chrono::milliseconds(500) && *step <= std::chrono::hours(1)) return *step;
  return Fail(
      ErrorCode::kInvalidArgument,
      fmt::format("--step: {} is out of range: expected a duration from 500ms to 1h", text));
}

// A whole number of at least `least`.
Result<int64_t> ReadNumber(const char* flag, const std::string& text, int64_t least) {
  int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [parsed_to, error] = std::from_chars(text.data(), end, number);
  if (error == std::errc() && parsed_to == end && number >= least) return number;
  return Fail(ErrorCode::kInvalidArgument,
              fmt::format("{}: '{}' is not a whole number of at least {}", flag, text, least));
}

Result<ExporterConfig> LoadWithFlags(const CommonFlags& common, const BacktestFlags& flags) {
  const auto step = ReadStep(flags.step);
  if (!step) return tl::make_unexpected(step.error());
  Result<ExporterConfig> config = LoadConfig(common.config_file, *step);
  if (!config) return config;
  if (!common.prometheus_url.empty()) config->prometheus.url = common.prometheus_url;
  if (flags.seed.empty()) return config;
  const auto seed = ReadNumber("--seed", flags.seed, 0);
  if (!seed) return tl::make_unexpected(seed.error());
  config->training.seed = *seed;
  return config;
}

Result<Question> ReadQuestion(const ExporterConfig& config, const BacktestFlags& flags, Time now) {
  Question question;
  const auto replay = ReadReplayOptions(flags, now);
  if (!replay) return tl::make_unexpected(replay.error());
  question.replay = *replay;
  question.persist = config.detector_options().training.persistence;
  if (!flags.persist.empty()) {
    const auto persist = ReadNumber("--persist", flags.persist, 1);
    if (!persist) return tl::make_unexpected(persist.error());
    question.persist = static_cast<int>(std::min<int64_t>(*persist, 100'000));
  }
  question.has_incidents = !flags.incidents.empty();
  if (!question.has_incidents || flags.incidents == kFromAlerts) return question;
  const auto text = ReadFile(flags.incidents);
  if (!text) return Prefixed("--incidents", text.error());
  const auto incidents = ParseIncidents(flags.incidents, *text, now);
  if (!incidents) return tl::make_unexpected(incidents.error());
  question.incidents = *incidents;
  return question;
}

// Where a replay writes.
struct Outputs {
  Recorder recorder;
  std::optional<ScoreFile> scores;
};

Result<Outputs> OpenOutputs(const ExporterConfig& config, const Question& question,
                            const BacktestFlags& flags) {
  Outputs outputs{Recorder(config, question.replay.judged, !flags.report.empty()), std::nullopt};
  if (!flags.report.empty()) {  // A file that cannot be written fails before the work.
    if (const Status written = WriteFileAtomically(flags.report, ""); !written) {
      return Prefixed("--report", written.error());
    }
  }
  if (flags.scores_out.empty()) return outputs;
  auto created = ScoreFile::Create(flags.scores_out);
  if (!created) return tl::make_unexpected(created.error());
  outputs.scores = *std::move(created);
  return outputs;
}

Result<ReplaySummary> ReplayInto(const ExporterConfig& config, PrometheusApi& api,
                                 const ReplayOptions& options, Outputs& outputs) {
  const SystemClock clock;
  Progress progress(clock, options.judged);
  const auto on_row = [&](const ReplayedRow& row) {
    outputs.recorder.Add(row);
    if (outputs.scores) outputs.scores->Add(row);
  };
  auto summary = Replay(config, api, options,
                        {.on_row = on_row, .on_step = [&](Time time) { progress.StepDone(time); }});
  progress.Finish();
  if (!summary || !outputs.scores) return summary;
  if (const Status closed = outputs.scores->Close(); !closed) {
    return tl::make_unexpected(closed.error());
  }
  return summary;
}

Status Run(const CommonFlags& common, const BacktestFlags& flags) {
  const auto config = LoadWithFlags(common, flags);
  if (!config) return tl::make_unexpected(config.error());
  auto question = ReadQuestion(*config, flags, SystemClock().Now());
  if (!question) return tl::make_unexpected(question.error());
  HttpPrometheusApi api(config->prometheus);
  if (flags.incidents == kFromAlerts) {
    auto incidents = IncidentsFromAlerts(*config, api, question->replay.judged);
    if (!incidents) return tl::make_unexpected(incidents.error());
    question->incidents = *std::move(incidents);
  }
  auto outputs = OpenOutputs(*config, *question, flags);
  if (!outputs) return tl::make_unexpected(outputs.error());
  const auto summary = ReplayInto(*config, api, question->replay, *outputs);
  if (!summary) return tl::make_unexpected(summary.error());
  const Findings findings = EvaluateReplay(*config, *question, *summary, outputs->recorder);
  fmt::print("{}", SummaryText(*config, *question, findings));
  if (flags.report.empty()) return {};
  return WriteFileAtomically(flags.report,
                             ReportPage(*config, *question, findings, outputs->recorder));
}

}  // namespace

int RunBacktestProgram(int argc, const char* const* argv) {
  BacktestFlags flags;
  const auto parsed = ParseFlags(kDescription, FlagTable(flags), argc, argv);
  if (!parsed) return Complain(parsed.error());
  if (parsed->exit_now) return 0;
  const Status done = Run(parsed->flags, flags);
  return done ? 0 : Complain(done.error());
}

}  // namespace promheal::anomaly
