#include "exporter/backtest/backtest_program.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <optional>
#include <string>
#include <utility>

#include "common/base/duration.h"
#include "common/io/clock.h"
#include "common/io/program.h"
#include "exporter/backtest/progress.h"
#include "exporter/backtest/replay.h"
#include "exporter/backtest/score_file.h"
#include "exporter/backtest/time_argument.h"

namespace promheal::anomaly {
namespace {

const ProgramDescription kDescription = {
    .name = "anomaly_exporter backtest",
    .summary =
        "Scores the history in a Prometheus as the exporter would have scored it then.\n\n"
        "It begins at --from with the training.window of history that a start reads, and goes on\n"
        "step by step: each score comes from what was known then, and models are retrained as the\n"
        "exporter would have. With --train-from and --train-to models learn once, on that stretch\n"
        "(which may lie anywhere), and only the adaptive baselines go on learning.\n\n"
        "Times are like 2022-08-22T08:10:00Z, Unix seconds, a duration before now like -2w, or now",
    .default_config_file = "exporter.yml",
    .serves_http = false};

struct BacktestFlags {
  std::string from;
  std::string to;
  std::string step;
  std::string train_from;
  std::string train_to;
  std::string scores_out;
  std::string seed;
};

std::vector<ExtraFlag> FlagTable(BacktestFlags& flags) {
  return {
      {"from", "First time to score.", "-1d", &flags.from, nullptr, "TIME"},
      {"to", "Last time to score.", "now", &flags.to, nullptr, "TIME"},
      {"step", "Score every so often instead of the configuration's interval.", "", &flags.step,
       nullptr, "DURATION"},
      {"train-from", "Train once, on what lies from here to --train-to.", "", &flags.train_from,
       nullptr, "TIME"},
      {"train-to", "See --train-from.", "", &flags.train_to, nullptr, "TIME"},
      {"scores-out",
       "Write timestamp,target,anomaly_score,isolation_score of every target and step to this CSV "
       "file.",
       "", &flags.scores_out, nullptr, "FILE"},
      {"seed", "Seed of the forests instead of the configuration's.", "", &flags.seed, nullptr,
       "NUMBER"},
  };
}

int Complain(const std::string& message) {
  fmt::print(stderr, "{}\n", message);
  return 1;
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
                            FormatRfc3339(*first), FormatRfc3339(*last)));
  }
  return Stretch{*first, *last};
}

Result<ReplayOptions> ReadReplayOptions(const BacktestFlags& flags, Time now) {
  const auto judged = ReadStretch(flags.from, flags.to, "", now);
  if (!judged) return tl::make_unexpected(judged.error());
  ReplayOptions options{.judged = *judged, .training = std::nullopt};
  if (flags.train_from.empty() != flags.train_to.empty()) {
    return Fail(ErrorCode::kInvalidArgument,
                "--train-from and --train-to belong together: one of them is missing");
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

Status ReadSeed(const std::string& text, int64_t* seed) {
  if (text.empty()) return {};
  const char* const end = text.data() + text.size();
  const auto [parsed_to, error] = std::from_chars(text.data(), end, *seed);
  if (error == std::errc() && parsed_to == end && *seed >= 0) return {};
  return Fail(ErrorCode::kInvalidArgument,
              fmt::format("--seed: '{}' is not a whole number from 0 on", text));
}

Result<ExporterConfig> LoadWithFlags(const CommonFlags& common, const BacktestFlags& flags) {
  const auto step = ReadStep(flags.step);
  if (!step) return tl::make_unexpected(step.error());
  Result<ExporterConfig> config = LoadConfig(common.config_file, *step);
  if (!config) return config;
  if (!common.prometheus_url.empty()) config->prometheus.url = common.prometheus_url;
  if (const Status read = ReadSeed(flags.seed, &config->training.seed); !read) {
    return tl::make_unexpected(read.error());
  }
  return config;
}

Result<ReplaySummary> ReplayInto(const ExporterConfig& config, const ReplayOptions& options,
                                 std::optional<ScoreFile>& scores) {
  const SystemClock clock;
  HttpPrometheusApi api(config.prometheus);
  Progress progress(clock, options.judged);
  auto summary = Replay(config, api, options,
                        {.on_row =
                             [&](const ReplayedRow& row) {
                               if (scores) scores->Add(row);
                             },
                         .on_step = [&](Time time) { progress.StepDone(time); }});
  progress.Finish();
  return summary;
}

Status Run(const CommonFlags& common, const BacktestFlags& flags) {
  const auto config = LoadWithFlags(common, flags);
  if (!config) return tl::make_unexpected(config.error());
  const auto options = ReadReplayOptions(flags, SystemClock().Now());
  if (!options) return tl::make_unexpected(options.error());
  std::optional<ScoreFile> scores;
  if (!flags.scores_out.empty()) {
    auto created = ScoreFile::Create(flags.scores_out);
    if (!created) return tl::make_unexpected(created.error());
    scores = *std::move(created);
  }
  const auto summary = ReplayInto(*config, *options, scores);
  if (!summary) return tl::make_unexpected(summary.error());
  if (scores) {
    if (const Status closed = scores->Close(); !closed) return closed;
  }
  fmt::print("{} targets from {} to {}, every {}: {} of {} rows scored\n", summary->targets,
             FormatRfc3339(options->judged.from), FormatRfc3339(options->judged.to),
             FormatDuration(config->interval), summary->scored_rows, summary->rows);
  if (summary->targets_over_limit > 0) {
    fmt::print("{} targets were left out: max_targets is {}\n", summary->targets_over_limit,
               config->max_targets);
  }
  return {};
}

}  // namespace

int RunBacktestProgram(int argc, const char* const* argv) {
  BacktestFlags flags;
  const auto parsed = ParseFlags(kDescription, FlagTable(flags), argc, argv);
  if (!parsed) return Complain(parsed.error().message);
  if (parsed->exit_now) return 0;
  const Status done = Run(parsed->flags, flags);
  return done ? 0 : Complain(done.error().message);
}

}  // namespace promheal::anomaly
