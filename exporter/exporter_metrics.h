#pragma once

#include <prometheus/collectable.h>

#include <memory>

#include "common/base/time.h"
#include "common/io/prometheus/prometheus_api.h"
#include "exporter/scoring/scoring_cycle.h"

namespace promheal::anomaly {

// The anomaly_exporter_* series: how the exporter itself is. Thread safety: any thread.
class ExporterMetrics {
 public:
  ExporterMetrics();
  ~ExporterMetrics();

  void CycleDone(const CycleOutcome& outcome, Time now, double seconds);
  // Totals since the client was made; a smaller one than before is a new client's.
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
