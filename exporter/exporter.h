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

// The Prometheus that the exporter reads, and statistics of its queries so far.
struct PrometheusSource {
  std::unique_ptr<PrometheusApi> api;
  std::function<PrometheusApiStatistics()> statistics;
};
PrometheusSource ConnectTo(const PrometheusApiOptions& options);

// Objects that an exporter uses but does not own. All must outlive it.
struct ExporterDependencies {
  const Clock& clock;
  Logger& logger;
  ModelStore& store;
  ExporterMetrics& metrics;
  Published<Snapshot>& snapshot;
};

// The program without flags, signals and sockets: restores models, reads history, runs cycles,
// trains and stores models. Its configuration never changes: a reload makes another exporter and
// hands the fleet over. Thread safety: none; one worker calls it, other threads read the snapshot
// and the metrics.
class AnomalyExporter {
 public:
  // Starts with an empty fleet, or continues with a fleet watched under the same fingerprint.
  AnomalyExporter(ExporterConfig config, PrometheusSource source,
                  const ExporterDependencies& dependencies,
                  std::optional<Fleet> previous = std::nullopt);
  AnomalyExporter(const AnomalyExporter&) = delete;
  AnomalyExporter& operator=(const AnomalyExporter&) = delete;

  // Restores stored models.
  void Start();

  // Runs a scoring cycle and publishes its snapshot; then trains models that are due, for at most
  // about half an interval. The first cycle that reaches Prometheus first reads the history that
  // models lack, and trains with it.
  void RunCycle();
  Time NextRun() const { return cycle_.NextRun(dependencies_.clock.Now()); }

  // Stores every model with its latest rows.
  void Save();

  const ExporterConfig& config() const { return config_; }
  const Fleet& fleet() const { return fleet_; }
  // Do not use the exporter afterwards.
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
  bool continues_;  // Continues with another exporter's fleet: there is nothing to restore.
  Fleet fleet_;
  ScoringCycle cycle_;
  std::optional<Time> backfill_from_;  // nullopt once history was read or is no longer wanted.
};

}  // namespace promheal::anomaly
