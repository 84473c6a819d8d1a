#include "exporter/core/statistics/gpd_fit.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

namespace promheal::anomaly {
namespace {

constexpr double kSmallestShape = -1.0;
constexpr double kNearlyExponential =
    1e-9;  // Smaller shapes lose digits in formulas that divide by it.
constexpr int kBisections = 60;

double Mean(std::span<const double> excesses) {
  return std::accumulate(excesses.begin(), excesses.end(), 0.0) /
         static_cast<double>(excesses.size());
}

double MeanLog(std::span<const double> excesses, double x) {
  double sum = 0.0;
  for (const double y : excesses) sum += std::log1p(x * y);
  return sum / static_cast<double>(excesses.size());
}

// u(x) v(x) - 1.
double Grimshaw(std::span<const double> excesses, double x) {
  double reciprocals = 0.0;
  for (const double y : excesses) reciprocals += 1.0 / (1.0 + x * y);
  return reciprocals / static_cast<double>(excesses.size()) * (1.0 + MeanLog(excesses, x)) - 1.0;
}

// The place between `low` and `high` where `function` changes its sign.
template <typename Function>
double Bisect(double low, double high, const Function& function) {
  const bool low_is_negative = function(low) < 0.0;
  for (int i = 0; i < kBisections; ++i) {
    const double middle = 0.5 * (low + high);
    ((function(middle) < 0.0) == low_is_negative ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

// Ascending places; roots are looked for between neighbours. They are denser towards both ends of
// (-1 / max, 0) and go on above 0 far beyond Grimshaw's bound for excesses that are not all equal.
// Places very close to 0 are left out: a root there is the exponential again.
std::vector<double> SearchGrid(double largest, double mean) {
  std::vector<double> grid;
  for (double short_of_end = 1e-6; short_of_end < 0.5; short_of_end *= 2.0) {
    grid.push_back(-(1.0 - short_of_end) / largest);
  }
  for (double x = 0.5; x > 1e-4; x /= 1.5) grid.push_back(-x / largest);
  std::vector<double> positive;
  for (double x = 1e4; x > 1e-4; x /= 1.7) positive.push_back(x / mean);
  grid.insert(grid.end(), positive.rbegin(), positive.rend());
  return grid;
}

}  // namespace

double LogSurvival(const GeneralisedPareto& pareto, double y) {
  if (!(y > 0.0)) return 0.0;
  if (std::abs(pareto.shape) < kNearlyExponential) return -y / pareto.scale;
  const double inner = pareto.shape * y / pareto.scale;
  if (inner <= -1.0) return -std::numeric_limits<double>::infinity();
  return -std::log1p(inner) / pareto.shape;
}

double Quantile(const GeneralisedPareto& pareto, double log_probability) {
  if (std::abs(pareto.shape) < kNearlyExponential) return -pareto.scale * log_probability;
  return pareto.scale / pareto.shape * std::expm1(-pareto.shape * log_probability);
}

double LogLikelihood(const GeneralisedPareto& pareto, std::span<const double> excesses) {
  double sum = 0.0;
  for (const double y : excesses) {
    sum += (1.0 + pareto.shape) * LogSurvival(pareto, y) - std::log(pareto.scale);
  }
  // At shape -1 the density is flat up to the end: 0 times infinity beyond it.
  return std::isnan(sum) ? -std::numeric_limits<double>::infinity() : sum;
}

GeneralisedPareto FitGeneralisedPareto(std::span<const double> excesses) {
  if (excesses.empty()) return {};
  const double mean = Mean(excesses);
  const double largest = *std::max_element(excesses.begin(), excesses.end());
  const auto count = static_cast<double>(excesses.size());

  GeneralisedPareto best{.shape = 0.0, .scale = mean};
  double best_likelihood = LogLikelihood(best, excesses);
  if (-count * std::log(largest) > best_likelihood) {
    best = {.shape = kSmallestShape, .scale = largest * (count + 1.0) / count};
    best_likelihood = -count * std::log(largest);
  }
  const std::vector<double> grid = SearchGrid(largest, mean);
  const auto stationary = [&](double x) { return Grimshaw(excesses, x); };
  double before = stationary(grid.front());
  for (size_t i = 1; i < grid.size(); ++i) {
    const double here = stationary(grid[i]);
    // Between the last negative and the first positive place is always a root: the exponential.
    if ((here < 0.0) != (before < 0.0) && (grid[i] < 0.0) == (grid[i - 1] < 0.0)) {
      const double x = Bisect(grid[i - 1], grid[i], stationary);
      const double shape = MeanLog(excesses, x);
      const GeneralisedPareto candidate{shape, shape / x};
      const double likelihood = LogLikelihood(candidate, excesses);
      if (shape >= kSmallestShape && likelihood > best_likelihood) {
        best = candidate;
        best_likelihood = likelihood;
      }
    }
    before = here;
  }
  return best;
}

GeneralisedPareto FitScale(std::span<const double> excesses, double shape) {
  if (excesses.empty()) return {.shape = shape};
  const double mean = Mean(excesses);
  if (std::abs(shape) < kNearlyExponential) return {shape, mean};
  const double largest = *std::max_element(excesses.begin(), excesses.end());
  // The likelihood's derivative by the scale is 0 if mean((1 + shape) y / (scale + shape y)) = 1.
  // This mean falls as the scale grows.
  const auto derivative = [&](double scale) {
    double sum = 0.0;
    for (const double y : excesses) sum += (1.0 + shape) * y / (scale + shape * y);
    return sum / static_cast<double>(excesses.size()) - 1.0;
  };
  const double low = shape < 0.0 ? -shape * largest * (1.0 + 1e-9) : 1e-9 * mean;
  const double high = std::max((1.0 + std::abs(shape)) * largest, 2.0 * low);
  if (derivative(low) <= 0.0) return {shape, low};
  return {shape, Bisect(low, high, derivative)};
}

}  // namespace promheal::anomaly
