// Writes the samples that Prometheus would have scraped from a fleet of simulated services, as
// OpenMetrics for `promtool tsdb create-blocks-from openmetrics`.

#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <functional>

#include "tests/bench/command_line.h"
#include "tests/bench/fleet/simulated_target.h"

namespace promheal::anomaly {
namespace {

struct Family {
  const char* name;
  const char* type;
  const char* sample;
  std::function<double(const Scrape&)> value;
};

template <typename Value>
void AddSample(fmt::memory_buffer& text, const char* name, int target, Value value, Time time) {
  fmt::format_to(std::back_inserter(text), "{}{{service=\"s{:04}\"}} {} {}\n", name, target, value,
                 time.time_since_epoch().count() / 1000);
}

// Writes `up` as Prometheus would record it: 1 if the scrape succeeded, else 0.
void WriteUp(const SimulationOptions& simulation, int targets, int64_t steps) {
  fmt::print("# TYPE up gauge\n");
  for (int i = 0; i < targets; ++i) {
    SimulatedTarget target(simulation, i);
    fmt::memory_buffer text;
    for (int64_t step = 0; step < steps; ++step) {
      const int up = target.Next() ? 1 : 0;
      AddSample(text, "up", i, up, target.now());
    }
    std::fwrite(text.data(), 1, text.size(), stdout);
  }
}

void Write(const SimulationOptions& simulation, int targets) {
  const Family families[] = {
      {"svc_requests", "counter", "svc_requests_total",
       [](const Scrape& s) { return s.requests_total; }},
      {"svc_errors", "counter", "svc_errors_total", [](const Scrape& s) { return s.errors_total; }},
      {"svc_cpu_seconds", "counter", "svc_cpu_seconds_total",
       [](const Scrape& s) { return s.cpu_seconds_total; }},
      {"svc_latency_p95_seconds", "gauge", "svc_latency_p95_seconds",
       [](const Scrape& s) { return s.latency_p95_seconds; }},
  };
  const auto steps = std::chrono::days(simulation.days) / simulation.step;
  for (const Family& family : families) {
    fmt::print("# TYPE {} {}\n", family.name, family.type);
    for (int i = 0; i < targets; ++i) {
      SimulatedTarget target(simulation, i);
      fmt::memory_buffer text;
      for (int64_t step = 0; step < steps; ++step) {
        const auto scrape = target.Next();
        if (!scrape) continue;
        const double value = family.value(*scrape);
        AddSample(text, family.sample, i, std::isnan(value) ? "NaN" : fmt::format("{:.9g}", value),
                  target.now());
      }
      std::fwrite(text.data(), 1, text.size(), stdout);
    }
  }
  WriteUp(simulation, targets, steps);
  fmt::print("# EOF\n");
}

}  // namespace
}  // namespace promheal::anomaly

int main(int argc, char** argv) {
  using promheal::bench::AtLeast;
  promheal::anomaly::SimulationOptions simulation;
  int targets = 100;
  int64_t step_seconds = 60;
  promheal::bench::options::options_description flags;
  flags.add_options()("targets", AtLeast(1, "targets", &targets), "How many services.")(
      "days", AtLeast(1, "days", &simulation.days), "Simulated days.")(
      "training-days", AtLeast(0, "training-days", &simulation.training_days),
      "First days, which have no labelled faults.")(
      "seed", promheal::bench::options::value(&simulation.seed)->default_value(1),
      "Seed of the simulation.")("step", AtLeast<int64_t>(1, "step", &step_seconds),
                                 "Seconds between scrapes.");
  const auto status = promheal::bench::ReadCommandLine(
      argc, argv,
      "fleet_openmetrics [--FLAG=VALUE]...\n\n"
      "Writes a simulated fleet's samples as OpenMetrics to standard output.",
      flags);
  if (status) return *status;
  simulation.step = std::chrono::seconds(step_seconds);
  promheal::anomaly::Write(simulation, targets);
}
