#pragma once

#include <map>
#include <vector>

#include "common/base/labels.h"
#include "common/base/time.h"
#include "exporter/core/detector.h"

namespace promheal::anomaly {

// A detector for each target seen recently. Thread safety: none; the worker owns it.
class Fleet {
 public:
  Fleet(FeatureSet features, DetectorOptions options, int max_targets);

  // The target's detector; a new detector for a new target, or null if there are max_targets
  // already.
  Detector* Watch(const Labels& target);

  // Continues a target from a stored model and window, unless there are max_targets already.
  void Restore(const Labels& target, std::shared_ptr<const Model> model, TrainingWindow window);

  // The features stay the same. Smaller windows keep their latest rows; targets beyond a smaller
  // limit stay until they are forgotten.
  void SetOptions(DetectorOptions options, int max_targets);

  // Drops targets without a row since `time`. Returns them.
  std::vector<Labels> ForgetBefore(Time time);

  // Trains a target, with a prior from the tails of the whole fleet (tail_pool.h).
  Status Train(const Labels& target, Time now);

  // Targets whose training is due: first those without a model, then those with the oldest models.
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
