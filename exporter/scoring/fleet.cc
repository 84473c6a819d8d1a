#include "exporter/scoring/fleet.h"

#include <algorithm>
#include <utility>

#include "exporter/core/tail/tail_pool.h"

namespace promheal::anomaly {

Fleet::Fleet(FeatureSet features, DetectorOptions options, int max_targets)
    : features_(std::move(features)),
      options_(options),
      max_targets_(static_cast<size_t>(max_targets)) {}

Detector* Fleet::Watch(const Labels& target) {
  const auto it = detectors_.find(target);
  if (it != detectors_.end()) return &it->second;
  if (detectors_.size() >= max_targets_) return nullptr;
  return &detectors_.try_emplace(target, features_, options_).first->second;
}

void Fleet::Restore(const Labels& target, std::shared_ptr<const Model> model,
                    TrainingWindow window) {
  if (Detector* detector = Watch(target)) detector->Restore(std::move(model), std::move(window));
}

void Fleet::SetOptions(DetectorOptions options, int max_targets) {
  options_ = options;
  max_targets_ = static_cast<size_t>(max_targets);
  for (auto& [target, detector] : detectors_) detector.SetOptions(options);
}

std::vector<Labels> Fleet::ForgetBefore(Time time) {
  std::vector<Labels> forgotten;
  for (auto it = detectors_.begin(); it != detectors_.end();) {
    const TrainingWindow& window = it->second.window();
    if (window.size() > 0 && window.row(window.size() - 1).time < time) {
      forgotten.push_back(it->first);
      it = detectors_.erase(it);
    } else {
      ++it;
    }
  }
  return forgotten;
}

Status Fleet::Train(const Labels& target, Time now) {
  Detector* detector = Watch(target);
  if (detector == nullptr) return Fail(ErrorCode::kFailedPrecondition, "the target is not watched");
  // Pools again after a tenth of the fleet was trained; fewer models hardly change the prior.
  if (trained_since_pooled_ * 10 >= detectors_.size()) {
    std::vector<const TailEvidence*> evidence;
    for (const auto& [labels, each] : detectors_) {
      if (each.model() != nullptr) evidence.push_back(&each.model()->tail_evidence);
    }
    tail_prior_ = PoolTailShapes(evidence, {});
    trained_since_pooled_ = 0;
  }
  ++trained_since_pooled_;
  return detector->Train(now, tail_prior_);
}

std::vector<Labels> Fleet::TrainingDue(Time now) const {
  std::vector<std::pair<Time, Labels>> due;
  for (const auto& [target, detector] : detectors_) {
    if (!detector.TrainingDue(now)) continue;
    due.emplace_back(detector.model() ? detector.model()->trained_at : Time::min(), target);
  }
  std::sort(due.begin(), due.end());
  std::vector<Labels> targets;
  targets.reserve(due.size());
  for (auto& [trained_at, target] : due) targets.push_back(std::move(target));
  return targets;
}

}  // namespace promheal::anomaly
