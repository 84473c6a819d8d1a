#include "exporter/core/tail/tail_pool.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "exporter/core/statistics/gpd_fit.h"
#include "exporter/core/statistics/robust_statistics.h"

namespace promheal::anomaly {
namespace {

constexpr double kFewestEpisodes = 20.0;
constexpr size_t kFewestTargets = 5;
constexpr size_t kMostPooled = 20'000;  // More would not improve the shape.
constexpr double kLeastWeight = 20.0;
constexpr double kLargestWeight = 1000.0;

}  // namespace

TailPrior PoolTailShapes(const std::vector<const TailEvidence*>& fleet, TailPrior prior) {
  std::vector<double> pooled;
  std::vector<double> shapes;
  double chance = 0.0;
  for (const TailEvidence* target : fleet) {
    const std::vector<double>& excesses = target->excesses;
    if (target->episodes < kFewestEpisodes || excesses.empty()) continue;
    if (pooled.size() + excesses.size() > kMostPooled) break;
    const double mean = std::accumulate(excesses.begin(), excesses.end(), 0.0) /
                        static_cast<double>(excesses.size());
    for (const double excess : excesses) pooled.push_back(excess / mean);
    shapes.push_back(FitGeneralisedPareto(excesses).shape);
    chance += 1.0 / target->episodes;
  }
  if (shapes.size() < kFewestTargets) return prior;

  const auto targets = static_cast<double>(shapes.size());
  prior.shape = FitGeneralisedPareto(pooled).shape;
  const double variance_of_episode = (1.0 + prior.shape) * (1.0 + prior.shape);
  const double deviation = RobustStandardDeviation(
      Eigen::Map<const Eigen::VectorXd>(shapes.data(), static_cast<Eigen::Index>(shapes.size())));
  const double between = deviation * deviation - variance_of_episode * chance / targets;
  prior.shape_weight =
      std::clamp(variance_of_episode / std::max(between, 1e-6), kLeastWeight, kLargestWeight);
  return prior;
}

}  // namespace promheal::anomaly
