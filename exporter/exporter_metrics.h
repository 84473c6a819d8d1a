#pragma once

#include <prometheus/collectable.h>

#include <memory>

#include "common/base/time.h"
#include "common/io/prometheus/prometheus_api.h"
#include "exporter/scoring/scoring_cycle.h"

namespace promheal::anomaly {

// The anomaly_exporter_* series, about the exporter itself. Thread safety: any thread.
class ExporterMetrics {
 public:
  ExporterMetrics();
  ~ExporterMetrics();

  void CycleDone(const CycleOutcome& outcome, Time now, double seconds);
  // `totals` count since the client was made. Smaller totals than before come from a new client.
  void QueriesDone(const PrometheusApiStatistics& totals);
  void TrainingDone(bool succeeded, double seconds);
  void StoringFailed();
  void ConfigLoaded(bool succeeded, Time now);

  std::shared_ptr<prometheus::Collectable> collectable() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace promheal::anomaly
