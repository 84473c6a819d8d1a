#pragma once

#include <vector>

#include "exporter/core/tail/tail_model.h"

namespace promheal::anomaly {

// An alert is not a sample above the threshold: rules ask for several in a row, and one disturbance
// raises one alert however long it lasts. What a budget of alerts is held against is therefore how
// often *episodes* begin, and how high they go.
//
// The persistent evidence of a sample is the least of the last `persistence` ones: a rule with this
// persistence and a threshold u fires exactly while it is above u. An episode begins where it rises
// above u and ends before the first of `kCalmSamples` in a row at or below u (runs declustering,
// Coles 2001, section 5.3).
struct EpisodeSample {
  static constexpr int kCalmSamples = 5;

  std::vector<double> persistent;  // Of each sample that has enough predecessors; ascending.
  double start = 0.0;              // t: the 1 - share quantile of these.
  std::vector<double> excesses;    // Of those above t, minus t; ascending.
  double episodes = 0.0;           // That t is exceeded in so many: what is independent of them.
  // The extremal index: episodes over samples above a level, at one so high (the largest 2 %, but
  // 20) that episodes do not run into each other.
  double episodes_per_excess = 1.0;
};

// `evidence` in order of time; `breaks` says where a sample does not follow the one before it.
// An empty `breaks` means that all do.
EpisodeSample SampleEpisodes(const std::vector<double>& evidence, const std::vector<bool>& breaks,
                             int persistence, double share);

// What a model keeps of its episodes, for others of its fleet to learn from.
struct TailEvidence {
  std::vector<double> excesses;  // Ascending, thinned out to some hundred.
  double episodes = 0.0;

  bool operator==(const TailEvidence&) const = default;
};
TailEvidence EvidenceOf(const EpisodeSample& sample);

// What is believed about the tail of evidence before a target's own episodes were seen.
struct TailPrior {
  double shape = 0.0;           // Of the generalised Pareto of excesses...
  double shape_weight = 100.0;  // ...as firmly as if so many episodes had shown it.
  double excess = 1.0;  // Mean excess in nats, where the evidence of features is what it claims...
  double excess_weight = 15.0;  // ...as firmly as if so many episodes had shown it.

  bool operator==(const TailPrior&) const = default;
};

// p(e): how many episodes with evidence of at least e begin in a sample. Above t: the share of
// samples above it, times episodes_per_excess, times a generalised Pareto, which in theory is the
// same for all samples above t as for the peaks of episodes, and in practice less biased, since
// neighbouring episodes melt into one at t. Its shape comes from Grimshaw's fit and the prior,
// weighted by the number of episodes, and is at least 0, since evidence that no sample reached is
// improbable, not impossible; the scale by maximum likelihood for this shape, with the prior's
// episodes added. Not knowing the scale makes the tail heavier, by 1 / (number of episodes): the
// fewer were seen, the more cautious. Up to t it falls from 1 in proportion to the sample's own ln
// P.
TailModel FitEpisodeTail(const EpisodeSample& sample, double share, const TailPrior& prior);

}  // namespace promheal::anomaly
