#include "exporter/core/tail/tail_model.h"

#include <algorithm>
#include <cmath>

#include "exporter/core/statistics/robust_statistics.h"

namespace promheal::anomaly {
namespace {

// ln P(X >= x) for x up to the tail's start: linear in ln P between the quantiles of the body,
// scaled so that it ends at the tail's probability. Among equal quantiles, the one with the highest
// probability counts.
double LogSurvivalInBody(const TailModel& tail, double x) {
  const double proportion = std::log(tail.tail_probability) / std::log(tail.share);
  const auto log_survival_at = [&](size_t i) {
    const double level =
        (1.0 - tail.share) * static_cast<double>(i) / static_cast<double>(tail.body.size() - 1);
    return proportion * std::log1p(-level);
  };
  const auto it = std::lower_bound(tail.body.begin(), tail.body.end(), x);
  const auto above = static_cast<size_t>(it - tail.body.begin());
  if (above == 0) return 0.0;
  const double below_x = tail.body[above - 1];
  const double part = (x - below_x) / (tail.body[above] - below_x);
  return (1.0 - part) * log_survival_at(above - 1) + part * log_survival_at(above);
}

}  // namespace

TailModel FitTail(std::vector<double> samples, const TailOptions& options) {
  std::erase_if(samples, [](double x) { return std::isnan(x); });
  std::sort(samples.begin(), samples.end());

  TailModel tail;
  tail.share = options.share;
  if (!samples.empty()) {
    const auto steps = static_cast<double>(tail.body.size() - 1);
    for (size_t i = 0; i < tail.body.size(); ++i) {
      const double level = (1.0 - options.share) * static_cast<double>(i) / steps;
      tail.body[i] = QuantileOfSorted(samples, level);
    }
  }
  double excesses = 0.0;
  double sum = 0.0;
  for (auto it = samples.rbegin(); it != samples.rend() && *it > tail.start(); ++it) {
    excesses += options.sample_weight;
    sum += options.sample_weight * (*it - tail.start());
  }
  const double weight = options.sample_weight * static_cast<double>(samples.size());
  tail.tail_probability = (excesses + 1.0) / (weight + 1.0);
  tail.scale = options.prior_weight * options.prior_excess + sum;
  tail.exponent = options.prior_weight + excesses;
  return tail;
}

double LogSurvival(const TailModel& tail, double x) {
  if (std::isnan(x)) return 0.0;
  if (x <= tail.start()) return LogSurvivalInBody(tail, x);
  return std::log(tail.tail_probability) - ExcessNats(tail, x);
}

double ExcessNats(const TailModel& tail, double x) {
  if (!(x > tail.start())) return 0.0;
  return tail.exponent * std::log1p((x - tail.start()) / tail.scale);
}

double TailQuantile(const TailModel& tail, double log_probability) {
  const double nats = std::log(tail.tail_probability) - log_probability;
  if (nats <= 0.0) return tail.start();
  return tail.start() + tail.scale * std::expm1(nats / tail.exponent);
}

}  // namespace promheal::anomaly
