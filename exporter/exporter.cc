#include "exporter/exporter.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "exporter/scoring/backfill.h"

namespace promheal::anomaly {
namespace {

double SecondsSince(const Clock& clock, std::chrono::nanoseconds start) {
  return std::chrono::duration<double>(clock.MonotonicNanoseconds() - start).count();
}

// The earliest time of any target's last row: from then on, some target lacks history.
std::optional<Time> OldestLastRow(const Fleet& fleet) {
  std::optional<Time> oldest;
  for (const auto& [target, detector] : fleet.detectors()) {
    const TrainingWindow& window = detector.window();
    if (window.size() == 0) continue;
    const Time last = window.row(window.size() - 1).time;
    oldest = oldest ? std::min(*oldest, last) : last;
  }
  return oldest;
}

}  // namespace

PrometheusSource ConnectTo(const PrometheusApiOptions& options) {
  auto api = std::make_unique<HttpPrometheusApi>(options);
  const HttpPrometheusApi* counted = api.get();
  return {std::move(api), [counted] { return counted->statistics(); }};
}

AnomalyExporter::AnomalyExporter(ExporterConfig config, PrometheusSource source,
                                 const ExporterDependencies& dependencies,
                                 std::optional<Fleet> previous)
    : config_(std::move(config)),
      fingerprint_(Fingerprint(config_)),
      source_(std::move(source)),
      dependencies_(dependencies),
      continues_(previous.has_value()),
      fleet_(previous
                 ? *std::move(previous)
                 : Fleet(config_.feature_set(), config_.detector_options(), config_.max_targets)),
      cycle_(config_, *source_.api, fleet_, dependencies.clock, dependencies.logger) {
  if (continues_) fleet_.SetOptions(config_.detector_options(), config_.max_targets);
}

void AnomalyExporter::Start() {
  if (continues_) return;
  ModelStore::Restored restored;
  if (const auto result = dependencies_.store.RestoreAll(fingerprint_, fleet_)) {
    restored = *result;
  } else {
    dependencies_.logger.Error("models cannot be stored", {{"error", result.error().message}});
    dependencies_.metrics.StoringFailed();
  }
  if (restored.targets > 0) {
    dependencies_.logger.Info("models restored", {{"targets", restored.targets}});
  }
  const Time window_start =
      cycle_.EvaluationTime(dependencies_.clock.Now()) - config_.training.window;
  const std::optional<Time> last = restored.refused == 0 ? OldestLastRow(fleet_) : std::nullopt;
  backfill_from_ =
      AlignDown(last ? std::max(*last, window_start) : window_start, config_.interval) +
      config_.interval;
}

void AnomalyExporter::RunCycle() {
  const auto start = dependencies_.clock.MonotonicNanoseconds();
  Status backfilled;
  if (backfill_from_) {
    backfilled = TryBackfill();
    TrainDue(config_.interval);
  }
  const CycleOutcome outcome = cycle_.Run(dependencies_.clock.Now());
  dependencies_.snapshot.Publish(outcome.snapshot);
  const Time now = dependencies_.clock.Now();
  dependencies_.metrics.CycleDone(outcome, now, SecondsSince(dependencies_.clock, start));
  if (source_.statistics) dependencies_.metrics.QueriesDone(source_.statistics());
  if (backfill_from_ && outcome.prometheus_up()) {
    dependencies_.logger.Warn("history could not be read, models warm up on live samples",
                              {{"error", backfilled.error().message}});
    backfill_from_.reset();  // Rows must be added in order of time, and newer rows are there now.
  }
  TrainDue(config_.interval / 2);
  Forget(now);
}

void AnomalyExporter::Save() {
  for (const auto& [target, detector] : fleet_.detectors()) Store(target, detector);
}

// Reads history up to the step before the next cycle's. On failure the next cycle tries again.
Status AnomalyExporter::TryBackfill() {
  const Time end = cycle_.EvaluationTime(dependencies_.clock.Now()) - config_.interval;
  if (*backfill_from_ <= end) {
    const auto report = Backfill(config_, *source_.api, *backfill_from_, end, fleet_);
    if (!report) return tl::make_unexpected(report.error());
    dependencies_.logger.Info("history read", {{"from", FormatRfc3339(*backfill_from_)},
                                               {"targets", report->targets},
                                               {"rows", report->rows}});
  }
  backfill_from_.reset();
  return {};
}

void AnomalyExporter::TrainDue(Duration time_limit) {
  const Duration deadline = dependencies_.clock.Monotonic() + time_limit;
  const Time now = cycle_.EvaluationTime(dependencies_.clock.Now());
  for (const Labels& target : fleet_.TrainingDue(now)) {
    TrainTarget(target, now);
    if (dependencies_.clock.Monotonic() >= deadline) return;
  }
}

void AnomalyExporter::TrainTarget(const Labels& target, Time now) {
  Detector& detector = *fleet_.Watch(target);
  const auto start = dependencies_.clock.MonotonicNanoseconds();
  const Status trained = fleet_.Train(target, now);
  const double seconds = SecondsSince(dependencies_.clock, start);
  dependencies_.metrics.TrainingDone(trained.has_value(), seconds);
  if (!trained) {
    dependencies_.logger.Error("training failed", {{"target", target.ToDisplayName()},
                                                   {"error", trained.error().message}});
    return;
  }
  if (!detector.promoted()) {
    dependencies_.logger.Warn("new model would alert on ordinary samples, the old model stays",
                              {{"target", target.ToDisplayName()}});
    return;
  }
  dependencies_.logger.Info("model trained", {{"target", target.ToDisplayName()},
                                              {"rows", detector.model()->rows},
                                              {"seconds", fmt::format("{:.3f}", seconds)}});
  Store(target, detector);
}

void AnomalyExporter::Store(const Labels& target, const Detector& detector) {
  if (detector.model() == nullptr) return;
  const Status stored = dependencies_.store.Save(fingerprint_, target, detector);
  if (stored) return;
  dependencies_.metrics.StoringFailed();
  dependencies_.logger.Error(
      "model not stored", {{"target", target.ToDisplayName()}, {"error", stored.error().message}});
}

void AnomalyExporter::Forget(Time now) {
  for (const Labels& target : fleet_.ForgetBefore(now - config_.training.window)) {
    dependencies_.store.Forget(target);
    dependencies_.logger.Info("target forgotten", {{"target", target.ToDisplayName()}});
  }
}

}  // namespace promheal::anomaly
