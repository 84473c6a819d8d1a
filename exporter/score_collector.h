#pragma once

#include <prometheus/collectable.h>

#include <vector>

#include "common/io/clock.h"
#include "common/io/published.h"
#include "exporter/scoring/snapshot.h"

namespace promheal::anomaly {

// The anomaly_* series of a snapshot, with the target's labels: at most seven for each target.
// Targets with a score of at least series.features_above_score, or in series.features_always, have
// six more for each feature.
std::vector<prometheus::MetricFamily> ToMetricFamilies(const Snapshot& snapshot);

// Gives the series of the latest snapshot at each scrape, or none if it is too old.
class ScoreCollector final : public prometheus::Collectable {
 public:
  // Both must outlive the collector.
  ScoreCollector(const Published<Snapshot>& snapshot, const Clock& clock)
      : snapshot_(snapshot), clock_(clock) {}

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  const Published<Snapshot>& snapshot_;
  const Clock& clock_;
};

}  // namespace promheal::anomaly
