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

// A target over time: its training window, its model, and whether it may learn. The same rows in
// the same order give the same scores, from live queries and from history alike. Thread safety:
// none; one worker owns it.
class Detector {
 public:
  Detector(const FeatureSet& features, const DetectorOptions& options);

  // Scores a row from earlier rows only, then learns from it unless it belongs to an episode or is
  // `excluded`. nullopt without a model, or if no feature that the model knows is present. Rows
  // must come in order of time; a row that is not later than the last is scored but not learnt.
  std::optional<Score> Observe(Time now, const Eigen::Ref<const Eigen::RowVectorXd>& values,
                               const std::vector<CellState>& states, bool excluded = false);

  // Adds a row of history to learn from, without a score. For a cold start.
  void AddHistory(Time time, const Eigen::Ref<const Eigen::RowVectorXd>& values, bool excluded);
  // Whether training would succeed and is worth it: there is no model, the model is retrain_every
  // old, normal rows are 1.5 times those of the last training, or a lasting change was accepted.
  // Never during an episode.
  bool TrainingDue(Time now) const;
  // The first training leaves out clear incidents (MarkOutlyingHistory), because no model scored
  // these rows. A later training that would raise more alerts on recent ordinary rows keeps the old
  // model (promotion.h), unless a lasting change was accepted, which the old model does not know.
  // The next training is then due as if this one had replaced the model. `tail_prior` comes from
  // the fleet (tail_pool.h).
  Status Train(Time now, const TailPrior& tail_prior = {});
  // Whether the model in use comes from the last training.
  bool promoted() const { return promoted_; }

  const Model* model() const { return model_.get(); }
  std::shared_ptr<const Model> shared_model() const { return model_; }
  const TrainingWindow& window() const { return window_; }
  const Episode& episode() const { return episode_; }
  // How the last row changed the episode.
  Episode::Change last_change() const { return last_change_; }
  // Why there is no model; nullopt if there is one.
  std::optional<NotTrainable> not_ready() const;

  // Applies from the next row on.
  void SetOptions(const DetectorOptions& options);

  // Continues from a stored model and window. Precondition: both have the same features.
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
  Time trained_at_;       // When the last training ended, promoted or not.
  int trained_rows_ = 0;  // Normal rows of that training.
};

}  // namespace promheal::anomaly
