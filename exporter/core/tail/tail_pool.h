#pragma once

#include <vector>

#include "exporter/core/tail/episode_tail.h"

namespace promheal::anomaly {

// A target's own episodes are a hundred where the shape of a tail wants thousands. The targets of a
// fleet are alike in how their evidence falls off, not in how large it is: the shape is pooled over
// all of them, the scale stays each target's own (empirical Bayes).
//
// With each target's excesses in units of their mean, the pooled shape is the generalised Pareto's
// that fits all of them together. How firmly it is believed follows from how much targets really
// differ: the variance of their own shapes (a robust one), less what chance makes of k episodes, (1
// + shape)^2 / k (Smith 1987), is the variance between targets; the weight, in episodes, is (1 +
// shape)^2 over it.
//
// Changes shape and shape_weight of `prior`. Targets with fewer than 20 episodes are left out, and
// with fewer than 5 targets nothing is changed.
TailPrior PoolTailShapes(const std::vector<const TailEvidence*>& fleet, TailPrior prior);

}  // namespace promheal::anomaly
