#include "exporter/core/train.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "exporter/core/baseline.h"
#include "exporter/core/evidence.h"
#include "exporter/core/isolation.h"
#include "exporter/core/tail/episode_tail.h"
#include "exporter/core/unit_free.h"

namespace promheal::anomaly {
namespace {

constexpr double kRangeTail = 0.005;

// Unit-free: narrower ranges are widened to this, about 6 % of a typical value.
constexpr double kNarrowestRange = 0.05;

// Prior mean excess of the isolation statistic over its 90 % quantile, used until many excesses
// were seen.
constexpr double kPriorIsolationExcess = 0.15;

// The share of the persistent evidence that counts as its tail.
constexpr double kTailShare = 0.1;

// The two halves alternate in blocks of about a rate window. So each row is scored by a forest that
// saw neither the row nor all of its neighbours, which overlap with it.
constexpr Eigen::Index kBlockRows = 4;

int MinimumValues(const TrainingOptions& options) { return std::max(1, options.minimum_rows / 2); }

std::vector<Eigen::Index> RowsOfHalf(Eigen::Index rows, Eigen::Index half) {
  std::vector<Eigen::Index> indices;
  for (Eigen::Index i = 0; i < rows; ++i) {
    if ((i / kBlockRows) % 2 == half) indices.push_back(i);
  }
  return indices;
}

Eigen::RowVectorXd MinimumWidths(const FeatureSet& features,
                                 const std::vector<FeatureModel>& models,
                                 const std::vector<ContextColumn>& columns) {
  Eigen::RowVectorXd widths(static_cast<Eigen::Index>(columns.size()));
  for (size_t k = 0; k < columns.size(); ++k) {
    const auto j = static_cast<size_t>(columns[k].feature);
    const MinimumResiduals minimum =
        MinimumResidualsAt(features.specs[j], models[j].unit, models[j].centre);
    widths(static_cast<Eigen::Index>(k)) =
        std::max({kNarrowestRange, minimum.above, minimum.below});
  }
  return widths;
}

// Without the range factor, infinite bounds: every row is in range.
RangeBounds BoundsOf(const Eigen::MatrixXd& rows, const Eigen::RowVectorXd& minimum_widths,
                     const EvidenceParts& parts) {
  RangeBounds bounds = FitRangeBounds(rows, kRangeTail, minimum_widths);
  if (!parts.range_factor) {
    bounds.lower.setConstant(-std::numeric_limits<double>::infinity());
    bounds.upper.setConstant(std::numeric_limits<double>::infinity());
  }
  return bounds;
}

// Each row's isolation statistic under a forest and bounds fitted to the other half of the rows.
Result<std::vector<double>> HeldOutStatistics(const Eigen::MatrixXd& context,
                                              const Eigen::RowVectorXd& minimum_widths,
                                              const TrainingOptions& options) {
  std::vector<double> statistics(static_cast<size_t>(context.rows()),
                                 std::numeric_limits<double>::quiet_NaN());
  for (const Eigen::Index half : {Eigen::Index{0}, Eigen::Index{1}}) {
    const std::vector<Eigen::Index> seen = RowsOfHalf(context.rows(), 1 - half);
    if (seen.empty()) continue;
    const Eigen::MatrixXd seen_rows = context(seen, Eigen::all);
    const RangeBounds bounds = BoundsOf(seen_rows, minimum_widths, options.parts);
    const Result<IsolationForest> forest = IsolationForest::Fit(seen_rows, options.forest);
    if (!forest) return tl::make_unexpected(forest.error());
    const std::vector<Eigen::Index> held_out = RowsOfHalf(context.rows(), half);
    const std::vector<double> of_half =
        IsolationStatistics(*forest, bounds, context(held_out, Eigen::all));
    for (size_t k = 0; k < held_out.size(); ++k) {
      statistics[static_cast<size_t>(held_out[k])] = of_half[k];
    }
  }
  return statistics;
}

std::vector<double> EvidenceOfRows(const Model& model, const Eigen::MatrixXd& residuals,
                                   const std::vector<double>& isolation_statistics) {
  std::vector<double> evidence(isolation_statistics.size());
  for (size_t i = 0; i < evidence.size(); ++i) {
    const Eigen::RowVectorXd row = residuals.row(static_cast<Eigen::Index>(i));
    evidence[i] = StrongestEvidence(model, row, isolation_statistics[i]);
  }
  return evidence;
}

// Whether each row is separated from the row before it, by left-out rows or by a change of regime.
std::vector<bool> FindBreaks(const WindowRows& rows) {
  Duration step = Duration::max();
  for (size_t i = 1; i < rows.times.size(); ++i) {
    step = std::min(step, rows.times[i] - rows.times[i - 1]);
  }
  std::vector<bool> breaks(rows.times.size(), false);
  for (size_t i = 1; i < breaks.size(); ++i) {
    breaks[i] = rows.times[i] - rows.times[i - 1] > step || rows.regimes[i] != rows.regimes[i - 1];
  }
  return breaks;
}

// Matrices are unit-free; rows = samples, columns = features.
struct Learnt {
  std::vector<FeatureModel> models;
  Eigen::MatrixXd levels;     // Values minus season and window's median.
  Eigen::MatrixXd residuals;  // Values minus season and adaptive baseline.
};

// The season of each feature, fitted to all rows; its of_rows are kept for normal rows only.
std::vector<Season> LearnSeasons(const WindowRows& rows, const TrainingOptions& options,
                                 const std::vector<FeatureModel>& models) {
  const Eigen::MatrixXd levels = ToUnitFreeRows(rows.values, models);
  std::vector<Season> seasons;
  for (size_t j = 0; j < models.size(); ++j) {
    Season season = FitSeason({rows.times, levels.col(static_cast<Eigen::Index>(j)), rows.regimes,
                               options.baseline_horizon},
                              options.seasonality);
    for (size_t k = 0; k < rows.normal.size(); ++k) {
      season.of_rows[k] = season.of_rows[static_cast<size_t>(rows.normal[k])];
    }
    season.of_rows.resize(rows.normal.size());
    seasons.push_back(std::move(season));
  }
  return seasons;
}

Learnt LearnFeatures(const FeatureSet& features, const WindowRows& rows, const WindowRows& normal,
                     const TrainingOptions& options) {
  Learnt learnt;
  learnt.models.resize(features.specs.size());
  for (size_t j = 0; j < learnt.models.size(); ++j) {
    learnt.models[j].unit =
        UnitOf(normal.values.col(static_cast<Eigen::Index>(j)), features.specs[j].minimum_absolute);
  }
  const std::vector<Season> seasons = LearnSeasons(rows, options, learnt.models);
  learnt.levels = ToUnitFreeRows(normal.values, learnt.models);
  for (size_t j = 0; j < seasons.size(); ++j) {
    learnt.levels.col(static_cast<Eigen::Index>(j)) -= seasons[j].values();
  }
  learnt.residuals = HistoryResiduals(learnt.levels, normal.regimes, options.baseline_horizon);
  for (size_t j = 0; j < learnt.models.size(); ++j) {
    const auto column = static_cast<Eigen::Index>(j);
    FeatureModel& model = learnt.models[j];
    learnt.residuals.col(column) =
        UnexplainedResiduals(learnt.residuals.col(column), seasons[j].of_rows);
    model = FitFeatureModel(features.specs[j], model.unit, learnt.levels.col(column),
                            learnt.residuals.col(column), MinimumValues(options));
    model.seasons = seasons[j].profiles;
    learnt.levels.col(column).array() -= model.centre;
  }
  return learnt;
}

}  // namespace

std::string_view ToString(NotTrainable reason) {
  switch (reason) {
    case NotTrainable::kTooFewSamples:
      return "too few samples";
    case NotTrainable::kNoUsableFeature:
      return "no feature with enough values";
  }
  return "unknown";
}

std::optional<NotTrainable> WhyNotTrainable(const TrainingWindow& window,
                                            const TrainingOptions& options) {
  if (window.normal_size() < options.minimum_rows) return NotTrainable::kTooFewSamples;
  const Eigen::ArrayXXd values = window.Normal().values;
  const auto present = (values == values).cast<int>().colwise().sum();  // NaN is not equal to NaN.
  if (present.maxCoeff() < MinimumValues(options)) return NotTrainable::kNoUsableFeature;
  return std::nullopt;
}

Result<Model> Train(const FeatureSet& features, const TrainingWindow& window,
                    const TrainingOptions& options, const TailPrior& tail_prior, Time now) {
  const WindowRows normal = window.Normal();
  Learnt learnt = LearnFeatures(features, window.NormalAndAnomalous(), normal, options);
  const std::vector<ContextColumn> columns = ContextColumns(features, learnt.models);
  const Eigen::MatrixXd context = ContextRows(columns, learnt.levels, learnt.residuals);
  const Eigen::RowVectorXd widths = MinimumWidths(features, learnt.models, columns);

  Result<IsolationForest> forest = IsolationForest::Fit(context, options.forest);
  if (!forest) return Prefixed("growing the forest", forest.error());
  const Result<std::vector<double>> held_out = HeldOutStatistics(context, widths, options);
  if (!held_out) return Prefixed("growing a held-out forest", held_out.error());

  Model model{.features = features,
              .calendar = options.seasonality.calendar,
              .feature_models = std::move(learnt.models),
              .columns = columns,
              .bounds = BoundsOf(context, widths, options.parts),
              .forest = *std::move(forest),
              .isolation_tail = FitTail(*held_out, {.prior_excess = kPriorIsolationExcess}),
              .evidence_tail = {},
              .tail_evidence = {},
              .parts = options.parts,
              .trained_at = now,
              .rows = static_cast<int>(normal.values.rows())};
  const std::vector<double> evidence = EvidenceOfRows(model, learnt.residuals, *held_out);
  const EpisodeSample episodes =
      SampleEpisodes(evidence, FindBreaks(normal), options.persistence, kTailShare);
  model.tail_evidence = EvidenceOf(episodes);
  model.evidence_tail = FitEpisodeTail(episodes, kTailShare, tail_prior);
  return model;
}

}  // namespace promheal::anomaly
