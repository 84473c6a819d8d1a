#pragma once

#include <map>
#include <vector>

#include "common/base/labels.h"
#include "common/base/time.h"
#include "exporter/core/detector.h"

namespace promheal::anomaly {

// One detector for each target that was seen of late. Thread safety: none; the worker owns it.
class Fleet {
 public:
  Fleet(FeatureSet features, DetectorOptions options, int max_targets);

  // The target's detector, a new one where it is new; null where there are max_targets already.
  Detector* Watch(const Labels& target);

  // Puts back what the model store kept; same limit.
  void Restore(const Labels& target, std::shared_ptr<const Model> model, TrainingWindow window);

  // Same features, other options. Windows that became smaller keep their latest rows; targets
  // beyond a smaller limit stay until they are forgotten.
  void SetOptions(DetectorOptions options, int max_targets);

  // Drops targets without a row since `time`, and returns them.
  std::vector<Labels> ForgetBefore(Time time);

  // Trains one target with what the tails of all of them show (tail_pool.h).
  Status Train(const Labels& target, Time now);

  // Those whose training is due, first those without a model, then the oldest models.
  std::vector<Labels> TrainingDue(Time now) const;

  const std::map<Labels, Detector>& detectors() const { return detectors_; }
  const FeatureSet& features() const { return features_; }
  const DetectorOptions& options() const { return options_; }

 private:
  FeatureSet features_;
  DetectorOptions options_;
  size_t max_targets_;
  std::map<Labels, Detector> detectors_;
  TailPrior tail_prior_;
  size_t trained_since_pooled_ = 0;
};

}  // namespace promheal::anomaly
