#pragma once

#include <prometheus/collectable.h>

#include <vector>

#include "common/io/clock.h"
#include "common/io/published.h"
#include "exporter/scoring/snapshot.h"

namespace promheal::anomaly {

// The anomaly_* series of a snapshot, with the target's own labels. At most seven a target; six
// more for each feature of targets above series.features_above_score or in series.features_always.
std::vector<prometheus::MetricFamily> ToMetricFamilies(const Snapshot& snapshot);

// Serialises the latest snapshot at each scrape, and nothing where it is too old.
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
