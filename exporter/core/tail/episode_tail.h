#pragma once

#include <vector>

#include "exporter/core/tail/tail_model.h"

namespace promheal::anomaly {

// A rule fires only after several samples in a row above the threshold, and a disturbance raises a
// single alert however long it lasts. So a budget of alerts bounds how often *episodes* begin, not
// how many samples are above the threshold.
//
// The persistent evidence of a sample is the minimum over the last `persistence` samples: a rule
// with this persistence and threshold u fires exactly while it is above u. An episode begins when
// it rises above u and ends before the first of `kCalmSamples` samples in a row at or below u (runs
// declustering, Coles 2001, section 5.3).
struct EpisodeSample {
  static constexpr int kCalmSamples = 5;

  std::vector<double> persistent;  // Persistent evidence, if defined for the sample; ascending.
  double start = 0.0;              // t: the 1 - share quantile of `persistent`.
  std::vector<double> excesses;    // Persistent evidence above t, minus t; ascending.
  double episodes = 0.0;           // Episodes above t: the number of independent excesses.
  // The extremal index: episodes per sample above a level. The level is high (exceeded by the
  // largest 2 % of samples, at least 20), so that episodes do not merge.
  double episodes_per_excess = 1.0;
};

// `evidence` is in order of time. breaks[i]: sample i does not directly follow sample i - 1. An
// empty `breaks` means no breaks.
EpisodeSample SampleEpisodes(const std::vector<double>& evidence, const std::vector<bool>& breaks,
                             int persistence, double share);

// The summary of its episodes that a model keeps, so that the fleet can pool tails.
struct TailEvidence {
  std::vector<double> excesses;  // Ascending, thinned out to at most about 200.
  double episodes = 0.0;

  bool operator==(const TailEvidence&) const = default;
};
TailEvidence EvidenceOf(const EpisodeSample& sample);

// The prior of the tail of evidence, before a target's own episodes. Weights are in episodes: the
// prior counts as much as that many observed episodes.
struct TailPrior {
  double shape = 0.0;  // Shape of the generalised Pareto distribution of excesses.
  double shape_weight = 100.0;
  double excess = 1.0;  // Mean excess in nats; 1 if each feature's evidence were exact.
  double excess_weight = 15.0;

  bool operator==(const TailPrior&) const = default;
};

// p(e): the probability that an episode with evidence of at least e begins in a sample. Above t it
// is the share of samples above t, times episodes_per_excess, times a generalised Pareto tail. That
// tail is fitted to all samples above t: in theory they have the same tail as the peaks of
// episodes, and they are less biased, because neighbouring episodes merge at t. Its shape combines
// Grimshaw's fit and the prior, weighted by episodes, and is above 0: evidence that no sample
// reached is improbable, not impossible. Its scale is the maximum likelihood scale for this shape,
// averaged with the prior's. 1 / (number of episodes) is added to the shape, because the scale is
// uncertain: the fewer episodes, the heavier the tail. Below t, p falls from 1 in proportion to the
// sample's own ln P.
TailModel FitEpisodeTail(const EpisodeSample& sample, double share, const TailPrior& prior);

}  // namespace promheal::anomaly
