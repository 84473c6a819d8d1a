#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "common/io/clock.h"
#include "common/io/log.h"
#include "common/io/prometheus/prometheus_api.h"
#include "common/io/published.h"
#include "exporter/config/config.h"
#include "exporter/exporter_metrics.h"
#include "exporter/scoring/fleet.h"
#include "exporter/scoring/model_store.h"
#include "exporter/scoring/scoring_cycle.h"
#include "exporter/scoring/snapshot.h"

namespace promheal::anomaly {

// Where the exporter reads from, and what that has cost so far.
struct PrometheusSource {
  std::unique_ptr<PrometheusApi> api;
  std::function<PrometheusApiStatistics()> statistics;
};
PrometheusSource ConnectTo(const PrometheusApiOptions& options);

// What an exporter works with and does not own. All must outlive it.
struct ExporterDependencies {
  const Clock& clock;
  Logger& logger;
  ModelStore& store;
  ExporterMetrics& metrics;
  Published<Snapshot>& snapshot;
};

// The program without flags, signals and sockets: models restored, history read, cycles run, models
// trained and stored. One configuration from beginning to end; a reload makes another one and hands
// the fleet over. Thread safety: none; one worker calls it, others read the snapshot and the
// metrics.
class AnomalyExporter {
 public:
  // Begins with nothing, or goes on with a fleet that was watched under the same fingerprint.
  AnomalyExporter(ExporterConfig config, PrometheusSource source,
                  const ExporterDependencies& dependencies,
                  std::optional<Fleet> previous = std::nullopt);
  AnomalyExporter(const AnomalyExporter&) = delete;
  AnomalyExporter& operator=(const AnomalyExporter&) = delete;

  // Restores stored models.
  void Start();

  // One scoring cycle, published; then the trainings that are due, for half an interval at most.
  // The first one that reaches Prometheus begins with the history that models miss, and trains with
  // it.
  void RunCycle();
  Time NextRun() const { return cycle_.NextRun(dependencies_.clock.Now()); }

  // Stores every model with its latest rows.
  void Save();

  const ExporterConfig& config() const { return config_; }
  const Fleet& fleet() const { return fleet_; }
  // Ends this exporter's work.
  Fleet HandOverFleet() { return std::move(fleet_); }

 private:
  Status TryBackfill();
  void TrainDue(Duration time_limit);
  void TrainTarget(const Labels& target, Time now);
  void Store(const Labels& target, const Detector& detector);
  void Forget(Time now);

  ExporterConfig config_;
  std::string fingerprint_;
  PrometheusSource source_;
  ExporterDependencies dependencies_;
  bool continues_;  // With another exporter's fleet: there is nothing to restore.
  Fleet fleet_;
  ScoringCycle cycle_;
  std::optional<Time> backfill_from_;  // Nothing once history was read or came too late.
};

}  // namespace promheal::anomaly
