#include "exporter/backtest/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "common/base/time_argument.h"
#include "exporter/core/outlying_history.h"
#include "exporter/scoring/backfill.h"
#include "exporter/scoring/fleet.h"
#include "exporter/scoring/history.h"

namespace promheal::anomaly {
namespace {

// The part of `stretch` on the grid of live cycles: from its first to its last multiple of the
// interval.
Result<Stretch> Aligned(const Stretch& stretch, Duration interval, const char* name) {
  Stretch aligned{AlignDown(stretch.from, interval), AlignDown(stretch.to, interval)};
  if (aligned.from < stretch.from) aligned.from += interval;
  if (aligned.from > aligned.to) {
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("{} stretch from {} to {} contains no multiple of the step", name,
                            TimeText(stretch.from), TimeText(stretch.to)));
  }
  return aligned;
}

Fleet EmptyFleet(const ExporterConfig& config, DetectorOptions options) {
  return Fleet(config.feature_set(), options, config.max_targets);
}

Status TrainDue(Fleet& fleet, Time now) {
  for (const Labels& target : fleet.TrainingDue(now)) {
    if (const Status trained = fleet.Train(target, now); !trained) {
      return Prefixed("training " + target.ToDisplayName(), trained.error());
    }
  }
  return {};
}

// A fleet as of an exporter that starts at `from`.
Result<Fleet> BackfilledFleet(const ExporterConfig& config, PrometheusApi& api, Time from) {
  Fleet fleet = EmptyFleet(config, config.detector_options());
  const auto filled = Backfill(config, api, from - config.training.window + config.interval,
                               from - config.interval, fleet);
  if (!filled) return tl::make_unexpected(filled.error());
  if (const Status trained = TrainDue(fleet, from); !trained) {
    return tl::make_unexpected(trained.error());
  }
  return fleet;
}

// Gives `judged` the models of `taught`, and as windows for its baselines those of `recent`, with
// clear incidents marked.
void CopyModels(const ExporterConfig& config, const Fleet& taught, const Fleet& recent,
                Fleet& judged) {
  const TrainingOptions training = config.detector_options().training;
  for (const auto& [target, detector] : taught.detectors()) {
    if (detector.model() == nullptr) continue;
    TrainingWindow window(judged.features().size(), judged.options().window_rows);
    if (const auto it = recent.detectors().find(target); it != recent.detectors().end()) {
      window = it->second.window();
      MarkOutlyingHistory(judged.features(), training, window);
    }
    judged.Restore(target, detector.shared_model(), std::move(window));
  }
}

// A fleet that was trained once, on `training`, with the baselines' history just before `from`.
Result<Fleet> TrainedOnceFleet(const ExporterConfig& config, PrometheusApi& api,
                               const Stretch& training, Time from) {
  DetectorOptions options = config.detector_options();
  options.window_rows = std::max(
      options.window_rows, static_cast<int>((training.to - training.from) / config.interval + 1));
  Fleet taught = EmptyFleet(config, options);
  if (const auto filled = Backfill(config, api, training.from, training.to, taught); !filled) {
    return tl::make_unexpected(filled.error());
  }
  if (const Status trained = TrainDue(taught, training.to); !trained) {
    return tl::make_unexpected(trained.error());
  }
  Fleet recent = EmptyFleet(config, options);
  const auto filled =
      Backfill(config, api, from - config.training.baseline, from - config.interval, recent);
  if (!filled) return tl::make_unexpected(filled.error());
  Fleet judged = EmptyFleet(config, options);
  CopyModels(config, taught, recent, judged);
  if (!judged.detectors().empty()) return judged;
  return Fail(
      ErrorCode::kFailedPrecondition,
      fmt::format("the training stretch gives no model: it has {} targets, none of them with "
                  "{} samples (training.warm_up)",
                  taught.detectors().size(), options.training.minimum_rows));
}

// Scores history step by step, as cycles would have.
class Player {
 public:
  Player(const ExporterConfig& config, PrometheusApi& api, const ReplayEvents& events, Fleet fleet,
         bool retrains)
      : config_(config),
        api_(api),
        events_(events),
        fleet_(std::move(fleet)),
        retrains_(retrains) {}

  Result<ReplaySummary> Play(const Stretch& judged) {
    for (Time at = judged.from; at <= judged.to; at += config_.interval * kStepsPerQuery) {
      const Result<HistoryPiece> piece = ReadHistory(config_, api_, at, judged.to);
      if (!piece) return tl::make_unexpected(piece.error());
      for (Eigen::Index step = 0; step < piece->steps; ++step) {
        if (const Status played = PlayStep(*piece, step); !played) {
          return tl::make_unexpected(played.error());
        }
      }
    }
    summary_.targets = static_cast<int>(seen_.size());
    summary_.targets_over_limit = static_cast<int>(over_limit_.size());
    if (!seen_.empty()) return summary_;
    return Fail(ErrorCode::kNotFound, fmt::format("no feature has a series with {} from {} to {}",
                                                  fmt::join(config_.target_labels, ", "),
                                                  TimeText(judged.from), TimeText(judged.to)));
  }

 private:
  Status PlayStep(const HistoryPiece& piece, Eigen::Index step) {
    const Time time = piece.TimeOf(step);
    for (const auto& [target, history] : piece.targets) {
      const auto row = piece.RowOf(fleet_.features(), target, history, step);
      if (row) PlayRow(time, target, *row);
    }
    if (retrains_) {
      if (const Status trained = TrainDue(fleet_, time); !trained) return trained;
      fleet_.ForgetBefore(time - config_.training.window);
    }
    if (events_.on_step) events_.on_step(time);
    return {};
  }

  void PlayRow(Time time, const Labels& target, const HistoryRow& row) {
    Detector* detector = fleet_.Watch(target);
    if (detector == nullptr) {
      over_limit_.insert(target);
      return;
    }
    seen_.insert(target);
    const std::optional<Score> score =
        detector->Observe(time, row.values, row.states, row.excluded);
    ++summary_.rows;
    if (score) ++summary_.scored_rows;
    if (events_.on_row) events_.on_row({time, target, score});
  }

  const ExporterConfig& config_;
  PrometheusApi& api_;
  const ReplayEvents& events_;
  Fleet fleet_;
  bool retrains_;
  ReplaySummary summary_;
  std::set<Labels> seen_;
  std::set<Labels> over_limit_;
};

}  // namespace

Result<ReplaySummary> Replay(const ExporterConfig& config, PrometheusApi& api,
                             const ReplayOptions& options, const ReplayEvents& events) {
  const Result<Stretch> judged = Aligned(options.judged, config.interval, "the judged");
  if (!judged) return tl::make_unexpected(judged.error());
  if (!options.training) {
    Result<Fleet> fleet = BackfilledFleet(config, api, judged->from);
    if (!fleet) return tl::make_unexpected(fleet.error());
    return Player(config, api, events, *std::move(fleet), true).Play(*judged);
  }
  const Result<Stretch> training = Aligned(*options.training, config.interval, "the training");
  if (!training) return tl::make_unexpected(training.error());
  Result<Fleet> fleet = TrainedOnceFleet(config, api, *training, judged->from);
  if (!fleet) return tl::make_unexpected(fleet.error());
  return Player(config, api, events, *std::move(fleet), false).Play(*judged);
}

}  // namespace promheal::anomaly
