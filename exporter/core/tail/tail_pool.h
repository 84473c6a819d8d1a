#pragma once

#include <vector>

#include "exporter/core/tail/episode_tail.h"

namespace promheal::anomaly {

// A target has about a hundred episodes, but the shape of a tail needs thousands. Targets of a
// fleet are alike in how their evidence falls off, not in its size: so the shape is pooled over the
// fleet, and each target keeps its own scale (empirical Bayes).
//
// The pooled shape is that of the generalised Pareto fitted to all targets' excesses, each in units
// of its target's mean. Its weight depends on how much targets differ: the robust variance of their
// own shapes, minus the variance that chance causes with k episodes, (1 + shape)^2 / k (Smith
// 1987), is the variance between targets; the weight, in episodes, is (1 + shape)^2 divided by it.
//
// Returns `prior` with this shape and shape_weight. Leaves out targets with fewer than 20 episodes;
// with fewer than 5 targets left, returns `prior` unchanged.
TailPrior PoolTailShapes(const std::vector<const TailEvidence*>& fleet, TailPrior prior);

}  // namespace promheal::anomaly
