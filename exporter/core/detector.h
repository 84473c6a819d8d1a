#pragma once

#include <memory>
#include <optional>

#include "common/base/result.h"
#include "common/base/time.h"
#include "exporter/core/feature.h"
#include "exporter/core/model.h"
#include "exporter/core/score.h"
#include "exporter/core/tail/episode.h"
#include "exporter/core/train.h"
#include "exporter/core/training_window.h"

namespace promheal::anomaly {

struct DetectorOptions {
  TrainingOptions training;
  int window_rows = 1440;  // The sliding training window, in samples.
  double log_q = -10.6;    // See LogAlertProbability.
  Duration retrain_every = std::chrono::hours(1);
  Duration accept_after = std::chrono::hours(1);
};

// Everything about one target over time: its training window, its model, and what it may learn. The
// same sequence of rows gives the same scores, whether it comes from live queries or from history.
// Thread safety: none; one worker owns it.
class Detector {
 public:
  Detector(const FeatureSet& features, const DetectorOptions& options);

  // Scores a row with what was known before it, then learns from it unless it is part of an episode
  // or `excluded`. Nothing without a model, or where no known feature is present. Rows must come in
  // order of time; one that is not later than the last is scored and not learnt.
  std::optional<Score> Observe(Time now, const Eigen::Ref<const Eigen::RowVectorXd>& values,
                               const std::vector<CellState>& states, bool excluded = false);

  // Adds a row of history to learn from, without a score. For a cold start.
  void AddHistory(Time time, const Eigen::Ref<const Eigen::RowVectorXd>& values, bool excluded);
  // True where training would succeed and is worth it: there is no model, half as many rows again
  // as it knows were learnt, a lasting change was accepted, or it is retrain_every old. Never
  // during an episode.
  bool TrainingDue(Time now) const;
  // The first training leaves out what was clearly an incident (see MarkOutlyingHistory): until
  // then nothing could tell.
  //
  // A model in use stays where the new one judges recent ordinary rows worse (promotion.h), unless
  // a lasting change was accepted, of which it knows nothing; the next try is when training would
  // have been due had it been replaced. `tail_prior` is what the fleet shows.
  Status Train(Time now, const TailPrior& tail_prior = {});
  // Whether the last training gave the model that is in use now.
  bool promoted() const { return promoted_; }

  const Model* model() const { return model_.get(); }
  std::shared_ptr<const Model> shared_model() const { return model_; }
  const TrainingWindow& window() const { return window_; }
  const Episode& episode() const { return episode_; }
  // What the last row meant to the episode.
  Episode::Change last_change() const { return last_change_; }
  // Why there is no model; nothing once there is one.
  std::optional<NotTrainable> not_ready() const;

  // From the next row on.
  void SetOptions(const DetectorOptions& options);

  // What the model store kept. Precondition: of the same features.
  void Restore(std::shared_ptr<const Model> model, TrainingWindow window);

 private:
  FeatureSet features_;
  DetectorOptions options_;
  TrainingWindow window_;
  std::shared_ptr<const Model> model_;
  Episode episode_;
  Episode::Change last_change_ = Episode::Change::kNone;
  bool change_accepted_ = false;
  bool promoted_ = false;
  Time trained_at_;       // The last training, promoted or not...
  int trained_rows_ = 0;  // ...and how many rows it had.
};

}  // namespace promheal::anomaly
