#include "tests/exporter/core/simulated_service.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace promheal::anomaly {
namespace {

constexpr double kRequestsPerSecond = 13.0;
constexpr double kWaveSeconds = 60.0;
constexpr double kWaveAmplitude = 0.4;
constexpr double kIntervalSeconds = 2.0;
constexpr size_t kWindowTicks = 3;

}  // namespace

FeatureSet SimulatedService::Features() {
  return {.specs = {{.name = "requests", .minimum_absolute = 1.0, .minimum_relative = 0.5},
                    {.name = "errors", .direction = Direction::kUp, .minimum_absolute = 0.05},
                    {.name = "latency",
                     .direction = Direction::kUp,
                     .minimum_absolute = 0.03,
                     .minimum_relative = 1.0},
                    {.name = "cpu", .direction = Direction::kUp, .minimum_absolute = 0.1}},
          .traffic = 0};
}

Eigen::RowVectorXd SimulatedService::Next(const Faults& faults) {
  seconds_ += kIntervalSeconds;
  const double wave =
      waves_ ? 1.0 + kWaveAmplitude * std::sin(2.0 * M_PI * seconds_ / kWaveSeconds) : 1.0;
  const int arrivals = Poisson(kRequestsPerSecond * kIntervalSeconds * wave * faults.traffic);
  Tick tick;
  for (int i = 0; i < arrivals; ++i) {
    const double hiccup = Uniform() < 0.01 ? 0.05 * Uniform() : 0.0;
    tick.latencies.push_back(0.024 * std::exp(0.2 * Normal()) * faults.latency + hiccup);
    if (Uniform() < faults.error_ratio) tick.errors += 1.0;
  }
  ticks_.push_back(std::move(tick));
  if (ticks_.size() > kWindowTicks) ticks_.pop_front();

  double errors = 0.0;
  std::vector<double> latencies;
  for (const Tick& each : ticks_) {
    errors += each.errors;
    latencies.insert(latencies.end(), each.latencies.begin(), each.latencies.end());
  }
  std::sort(latencies.begin(), latencies.end());
  const auto requests = static_cast<double>(latencies.size());
  const double window = kIntervalSeconds * static_cast<double>(ticks_.size());
  const double nan = std::numeric_limits<double>::quiet_NaN();
  Eigen::RowVectorXd values(4);
  values << requests / window, latencies.empty() ? nan : errors / requests,
      latencies.empty() ? nan : latencies[static_cast<size_t>(0.95 * (requests - 1.0))],
      0.004 + 0.0002 * requests / window * (1.0 + 0.05 * Normal());
  return values;
}

double SimulatedService::Normal() {
  return std::sqrt(-2.0 * std::log(1.0 - Uniform())) * std::cos(2.0 * M_PI * Uniform());
}

int SimulatedService::Poisson(double mean) {  // Knuth, The Art of Computer Programming 3.4.1.
  const double limit = std::exp(-mean);
  int count = 0;
  for (double product = Uniform(); product > limit; product *= Uniform()) ++count;
  return count;
}

std::vector<CellState> StatesOf(const Eigen::RowVectorXd& values) {
  std::vector<CellState> states;
  for (const double value : values) {
    states.push_back(std::isnan(value) ? CellState::kUndefined : CellState::kPresent);
  }
  return states;
}

}  // namespace promheal::anomaly
