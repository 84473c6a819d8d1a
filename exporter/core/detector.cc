#include "exporter/core/detector.h"

#include <cmath>
#include <utility>

#include "exporter/core/outlying_history.h"
#include "exporter/core/promotion.h"
#include "exporter/core/recurring.h"

namespace promheal::anomaly {

Detector::Detector(const FeatureSet& features, const DetectorOptions& options)
    : features_(features), options_(options), window_(features.size(), options.window_rows) {}

std::optional<Score> Detector::Observe(Time now, const Eigen::Ref<const Eigen::RowVectorXd>& values,
                                       const std::vector<CellState>& states, bool excluded) {
  last_change_ = Episode::Change::kNone;
  std::optional<Score> score;
  if (model_) {
    const int horizon = options_.training.baseline_horizon;
    const Observation observation{now, window_.LatestNormal(horizon), values, states,
                                  window_.LatestNormal(horizon, kSlowBaselines)};
    score = ScoreObservation(*model_, observation, options_.log_q);
  }
  if (!window_.Accepts(now)) return score;
  if (excluded) {
    window_.Add(now, values, RowState::kExcluded);
    return score;
  }
  // Without a score the row counts as neither calm nor anomalous.
  if (score) last_change_ = episode_.Observe(now, score->anomaly_score, options_.accept_after);
  const bool accepted = last_change_ == Episode::Change::kBecameNormal;
  window_.Add(now, values,
              episode_.active() || accepted ? RowState::kAnomalous : RowState::kNormal);
  if (accepted) {
    window_.AcceptSince(episode_.since());
    change_accepted_ = true;
  }
  return score;
}

void Detector::AddHistory(Time time, const Eigen::Ref<const Eigen::RowVectorXd>& values,
                          bool excluded) {
  window_.Add(time, values, excluded ? RowState::kExcluded : RowState::kNormal);
}

bool Detector::TrainingDue(Time now) const {
  if (episode_.active()) return false;
  const bool due = !model_ || change_accepted_ || now - trained_at_ >= options_.retrain_every ||
                   2 * window_.normal_size() >= 3 * trained_rows_;
  return due && !WhyNotTrainable(window_, options_.training);
}

Status Detector::Train(Time now, const TailPrior& tail_prior) {
  if (!model_) {
    MarkOutlyingHistory(features_, options_.training, window_);
  } else {
    AdmitRecurringAnomalies(std::exp(options_.log_q) * window_.size(),
                            options_.training.persistence + Episode::kCalmSamples - 1, window_);
  }
  Result<Model> model = anomaly::Train(features_, window_, options_.training, tail_prior, now);
  if (!model) return tl::make_unexpected(model.error());
  trained_at_ = now;
  trained_rows_ = model->rows;
  promoted_ = !model_ || change_accepted_ ||
              !JudgesWorse(*model, *model_, window_, options_.training, options_.log_q);
  if (promoted_) model_ = std::make_shared<const Model>(*std::move(model));
  change_accepted_ = false;
  return {};
}

std::optional<NotTrainable> Detector::not_ready() const {
  if (model_) return std::nullopt;
  const auto reason = WhyNotTrainable(window_, options_.training);
  return reason ? reason : NotTrainable::kTooFewSamples;
}

void Detector::SetOptions(const DetectorOptions& options) {
  TrainingWindow resized(features_.size(), options.window_rows);
  for (int i = 0; i < window_.size(); ++i) resized.Restore(window_.row(i), window_.values(i));
  window_ = std::move(resized);
  options_ = options;
}

void Detector::Restore(std::shared_ptr<const Model> model, TrainingWindow window) {
  model_ = std::move(model);
  window_ = std::move(window);
  promoted_ = model_ != nullptr;
  trained_at_ = model_ ? model_->trained_at : Time();
  trained_rows_ = model_ ? model_->rows : 0;
}

}  // namespace promheal::anomaly
