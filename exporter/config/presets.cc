#include "exporter/config/presets.h"

#include <algorithm>

namespace promheal::anomaly {
namespace {

// A change of traffic by half is worth a look, a few requests are not. A rate over failed scrapes
// is too low, so it counts as missing if more than a tenth of its series have failed scrapes. The
// other rates here alarm upwards only; shares and quantiles of rates are not biased.
const FeatureConfig kRequestRate = {{.name = "request_rate",
                                     .direction = Direction::kBoth,
                                     .minimum_absolute = 1.0,
                                     .minimum_relative = 0.5},
                                    "service:offered_requests:rate1m unless "
                                    "service:offered_requests:partial_ratio_1m > 0.1"};

const FeatureConfig kErrorRatio = {{.name = "error_ratio",
                                    .direction = Direction::kUp,
                                    .minimum_absolute = 0.05,
                                    .minimum_relative = 0.5,
                                    .traffic_floor = 0.2},
                                   "service:http_errors_per_request:ratio_rate1m"};

// Twice as slow, and by enough that people notice.
FeatureConfig Latency(std::string name, std::string expr) {
  return {{.name = std::move(name),
           .direction = Direction::kUp,
           .minimum_absolute = 0.03,
           .minimum_relative = 1.0,
           .traffic_floor = 0.2},
          std::move(expr)};
}

const FeatureConfig kCpu = {
    {.name = "cpu", .direction = Direction::kUp, .minimum_absolute = 0.1, .minimum_relative = 1.0},
    "service:cpu:rate1m"};

const FeatureConfig kMemory = {{.name = "memory",
                                .direction = Direction::kUp,
                                .minimum_absolute = 32.0 * 1024 * 1024,
                                .minimum_relative = 0.25},
                               "service:memory_bytes:max"};

const FeatureConfig kLogErrors = {{.name = "log_errors",
                                   .direction = Direction::kUp,
                                   .minimum_absolute = 0.5,
                                   .minimum_relative = 1.0},
                                  "service:log_errors:rate1m"};

const FeatureConfig kAvailability = {
    {.name = "availability", .direction = Direction::kDown, .minimum_absolute = 0.2},
    "service:up:ratio"};

}  // namespace

const std::vector<Preset>& Presets() {
  static const std::vector<Preset> kPresets = {
      {.name = "red",
       .features = {kRequestRate, kErrorRatio,
                    Latency("latency_p95", "service:http_request_duration_seconds:p95_1m"),
                    Latency("caller_latency_p95",
                            "service:dependency_request_duration_seconds:p95_1m")},
       .traffic_feature = "request_rate",
       .impact = {"service:http_errors_per_request:ratio_rate1m"}},
      {.name = "resources", .features = {kCpu, kMemory}},
      {.name = "logs", .features = {kLogErrors}},
      {.name = "availability", .features = {kAvailability}},
  };
  return kPresets;
}

const Preset* FindPreset(std::string_view name) {
  const auto& presets = Presets();
  const auto it = std::find_if(presets.begin(), presets.end(),
                               [&](const Preset& preset) { return preset.name == name; });
  return it == presets.end() ? nullptr : &*it;
}

}  // namespace promheal::anomaly
