#include "exporter/core/tail/episode_tail.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "exporter/core/statistics/gpd_fit.h"
#include "exporter/core/statistics/robust_statistics.h"

namespace promheal::anomaly {
namespace {

constexpr double kSmallestShape = 0.005;
constexpr size_t kFewestForAShape = 10;
constexpr size_t kMostKept = 200;
constexpr double kExtremalShare = 0.02;
constexpr double kExtremalSamples = 20.0;

std::vector<double> Persistent(const std::vector<double>& evidence, const std::vector<bool>& breaks,
                               int persistence) {
  std::vector<double> persistent;
  int run = 0;
  for (size_t i = 0; i < evidence.size(); ++i) {
    run = i > 0 && !breaks.empty() && breaks[i] ? 1 : run + 1;
    if (run < persistence) {
      persistent.push_back(std::numeric_limits<double>::quiet_NaN());
      continue;
    }
    const auto last = evidence.begin() + static_cast<std::ptrdiff_t>(i) + 1;
    persistent.push_back(*std::min_element(last - persistence, last));
  }
  return persistent;
}

double EpisodesAbove(const std::vector<double>& persistent, double level) {
  double episodes = 0.0;
  int calm = EpisodeSample::kCalmSamples;
  for (const double value : persistent) {
    if (!(value > level)) {
      ++calm;
      continue;
    }
    if (calm >= EpisodeSample::kCalmSamples) episodes += 1.0;
    calm = 0;
  }
  return episodes;
}

double EpisodesPerExcess(const EpisodeSample& sample, const std::vector<double>& in_order) {
  const auto size = static_cast<double>(sample.persistent.size());
  const double share = std::min(1.0, std::max(kExtremalShare, kExtremalSamples / size));
  const double level = std::max(sample.start, QuantileOfSorted(sample.persistent, 1.0 - share));
  const auto above = static_cast<double>(
      sample.persistent.end() -
      std::upper_bound(sample.persistent.begin(), sample.persistent.end(), level));
  return above > 0.0 ? EpisodesAbove(in_order, level) / above : 1.0;
}

double ShapeOf(const EpisodeSample& sample, const TailPrior& prior) {
  if (sample.excesses.size() < kFewestForAShape) return std::max(prior.shape, kSmallestShape);
  const double own = FitGeneralisedPareto(sample.excesses).shape;
  const double shape = (sample.episodes * own + prior.shape_weight * prior.shape) /
                       (sample.episodes + prior.shape_weight);
  return std::max(shape, kSmallestShape);
}

}  // namespace

EpisodeSample SampleEpisodes(const std::vector<double>& evidence, const std::vector<bool>& breaks,
                             int persistence, double share) {
  EpisodeSample sample;
  const std::vector<double> persistent = Persistent(evidence, breaks, persistence);
  for (const double value : persistent) {
    if (!std::isnan(value)) sample.persistent.push_back(value);
  }
  std::sort(sample.persistent.begin(), sample.persistent.end());
  if (sample.persistent.empty()) return sample;
  sample.start = QuantileOfSorted(sample.persistent, 1.0 - share);
  const auto first =
      std::upper_bound(sample.persistent.begin(), sample.persistent.end(), sample.start);
  for (auto it = first; it != sample.persistent.end(); ++it) {
    sample.excesses.push_back(*it - sample.start);
  }
  sample.episodes = EpisodesAbove(persistent, sample.start);
  sample.episodes_per_excess = EpisodesPerExcess(sample, persistent);
  return sample;
}

TailEvidence EvidenceOf(const EpisodeSample& sample) {
  TailEvidence evidence{.episodes = sample.episodes};
  const size_t every = sample.excesses.size() / kMostKept + 1;
  for (size_t i = every / 2; i < sample.excesses.size(); i += every) {
    evidence.excesses.push_back(sample.excesses[i]);
  }
  return evidence;
}

TailModel FitEpisodeTail(const EpisodeSample& sample, double share, const TailPrior& prior) {
  TailModel tail;
  tail.share = share;
  if (!sample.persistent.empty()) {
    const auto steps = static_cast<double>(tail.body.size() - 1);
    for (size_t i = 0; i < tail.body.size(); ++i) {
      const double level = (1.0 - share) * static_cast<double>(i) / steps;
      tail.body[i] = QuantileOfSorted(sample.persistent, level);
    }
  }
  const auto excesses = static_cast<double>(sample.excesses.size());
  const auto samples = static_cast<double>(sample.persistent.size());
  tail.tail_probability =
      std::min(share, sample.episodes_per_excess * (excesses + 1.0) / (samples + 1.0));

  const double shape = ShapeOf(sample, prior);
  const double weight = sample.episodes + prior.excess_weight;
  const double own_scale = excesses > 0.0 ? FitScale(sample.excesses, shape).scale : 0.0;
  // The mean of a generalised Pareto distribution is scale / (1 - shape).
  const double prior_scale = prior.excess * std::max(0.1, 1.0 - shape);
  const double scale = (sample.episodes * own_scale + prior.excess_weight * prior_scale) / weight;
  const double predictive_shape = shape + 1.0 / weight;
  tail.exponent = 1.0 / predictive_shape;
  tail.scale = scale / predictive_shape;
  return tail;
}

}  // namespace promheal::anomaly
