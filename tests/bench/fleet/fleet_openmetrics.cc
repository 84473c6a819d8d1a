// What a fleet of simulated services would have been scraped for, as OpenMetrics on standard
// output, for `promtool tsdb create-blocks-from openmetrics`.

#include <fmt/format.h>

#include <boost/program_options.hpp>
#include <cmath>
#include <cstdio>
#include <functional>
#include <iostream>

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

// Whether a scrape succeeded, as Prometheus itself records it.
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
  namespace po = boost::program_options;
  promheal::anomaly::SimulationOptions simulation;
  int targets = 0;
  int64_t step_seconds = 0;
  po::options_description options("A simulated fleet as OpenMetrics");
  options.add_options()("help", "show this")("targets", po::value(&targets)->default_value(100),
                                             "how many services")(
      "days", po::value(&simulation.days)->default_value(28), "simulated days")(
      "training-days", po::value(&simulation.training_days)->default_value(7),
      "days without labelled faults")("seed", po::value(&simulation.seed)->default_value(1), "")(
      "step", po::value(&step_seconds)->default_value(60), "seconds between scrapes");
  po::variables_map values;
  po::store(po::parse_command_line(argc, argv, options), values);
  po::notify(values);
  if (values.contains("help")) {
    std::cout << options;
    return 0;
  }
  simulation.step = std::chrono::seconds(step_seconds);
  promheal::anomaly::Write(simulation, targets);
}
