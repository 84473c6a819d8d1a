#include "tests/exporter/core/tail/spot.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "exporter/core/statistics/robust_statistics.h"

namespace promheal::anomaly {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kLowestShape = -1.0;
constexpr double kHighestShape = 2.0;
constexpr double kTailShare = 0.1;
constexpr int kFewestExcesses = 10;
constexpr int kGoldenSteps = 25;
constexpr int kBisections = 20;

double LogShareBeyondStart(const SpotTail& tail, double q) {
  return std::log(q * static_cast<double>(tail.ascending.size()) /
                  static_cast<double>(tail.excesses.size()));
}

// The highest likelihood, over all shapes, of a distribution whose quantile is `excess`.
double ProfileLikelihood(const SpotTail& tail, double log_share, double excess) {
  const auto likelihood = [&](double shape) {
    const double unit = Quantile({.shape = shape, .scale = 1.0}, log_share);
    return LogLikelihood({shape, excess / unit}, tail.excesses);
  };
  const double golden = 0.5 * (std::sqrt(5.0) - 1.0);
  double low = kLowestShape;
  double high = kHighestShape;
  double best = likelihood(tail.pareto.shape);
  for (int i = 0; i < kGoldenSteps; ++i) {
    const double left = high - golden * (high - low);
    const double right = low + golden * (high - low);
    const double at_left = likelihood(left);
    const double at_right = likelihood(right);
    best = std::max({best, at_left, at_right});
    // Shapes too small for the largest excess have likelihood 0.
    (at_left > at_right ? high : low) = at_left > at_right ? right : left;
  }
  return best;
}

// The place where `inside` changes from true (at `from`) to false (at `to`).
template <typename Inside>
double Border(double from, double to, const Inside& inside) {
  for (int i = 0; i < kBisections; ++i) {
    const double middle = 0.5 * (from + to);
    (inside(middle) ? from : to) = middle;
  }
  return from;
}

}  // namespace

SpotTail FitSpot(std::vector<double> samples) {
  SpotTail tail;
  std::erase_if(samples, [](double x) { return std::isnan(x); });
  std::sort(samples.begin(), samples.end());
  tail.ascending = std::move(samples);
  if (tail.ascending.empty()) return tail;
  tail.start = QuantileOfSorted(tail.ascending, 1.0 - kTailShare);
  const auto first = std::upper_bound(tail.ascending.begin(), tail.ascending.end(), tail.start);
  for (auto it = first; it != tail.ascending.end(); ++it) {
    tail.excesses.push_back(*it - tail.start);
  }
  tail.fitted = static_cast<int>(tail.excesses.size()) >= kFewestExcesses;
  if (tail.fitted) tail.pareto = FitGeneralisedPareto(tail.excesses);
  return tail;
}

SpotTail WithShape(SpotTail tail, double shape) {
  if (tail.excesses.empty()) return tail;
  tail.pareto = FitScale(tail.excesses, shape);
  tail.fitted = true;
  return tail;
}

double SpotQuantile(const SpotTail& tail, double q) {
  if (!tail.fitted) return QuantileOfSorted(tail.ascending, 1.0 - q);
  const double log_share = LogShareBeyondStart(tail, q);
  if (log_share >= 0.0) return QuantileOfSorted(tail.ascending, 1.0 - q);
  return tail.start + Quantile(tail.pareto, log_share);
}

ThresholdInterval SpotInterval(const SpotTail& tail, double q, double chi_squared) {
  const double threshold = SpotQuantile(tail, q);
  if (!tail.fitted || LogShareBeyondStart(tail, q) >= 0.0) return {threshold, kInfinity};
  const double log_share = LogShareBeyondStart(tail, q);
  const double best = threshold - tail.start;
  const double least = ProfileLikelihood(tail, log_share, best) - 0.5 * chi_squared;
  const auto inside = [&](double excess) {
    return ProfileLikelihood(tail, log_share, excess) >= least;
  };
  double above = 2.0 * best;
  while (inside(above) && above < 1e6 * best) above *= 2.0;
  return {tail.start + Border(best, 0.0, inside), tail.start + Border(best, above, inside)};
}

}  // namespace promheal::anomaly
