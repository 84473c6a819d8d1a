#include "tests/exporter/fake_shop.h"

#include <cmath>

namespace promheal::anomaly {

FakeShop::FakeShop(support::FakePrometheusApi& api, Time start, std::vector<std::string> services)
    : start_(start) {
  uint64_t seed = 1;
  for (std::string& name : services) {
    services_.push_back({std::move(name), SimulatedService(seed++, true), {}});
  }
  for (int j = 0; j < SimulatedService::Features().size(); ++j) {
    api.Set(SimulatedService::Features().specs[static_cast<size_t>(j)].name,
            [this, j](Time time) { return ValuesAt(time, j); });
  }
}

ExporterConfig FakeShop::Config() {
  ExporterConfig config;
  config.interval = SimulatedService::kInterval;
  config.evaluation_delay = Duration(0);
  for (const FeatureSpec& spec : SimulatedService::Features().specs) {
    config.features.push_back({spec, spec.name});
  }
  config.traffic_feature = "requests";
  config.training.window = std::chrono::minutes(20);
  config.training.warm_up = std::chrono::seconds(60);
  config.training.baseline = std::chrono::minutes(8);
  config.training.retrain_every = std::chrono::minutes(8);
  config.training.accept_after = std::chrono::minutes(8);
  config.alert_budget = 7.0;
  return config;
}

support::FakePrometheusApi::Vector FakeShop::ValuesAt(Time time, int feature) {
  support::FakePrometheusApi::Vector vector;
  if (time < start_) return vector;
  const auto step = static_cast<size_t>((time - start_) / SimulatedService::kInterval);
  for (Service& service : services_) {
    while (service.rows.size() <= step) {
      const Time at =
          start_ + SimulatedService::kInterval * static_cast<int64_t>(service.rows.size());
      service.rows.push_back(service.simulation.Next(faults ? faults(service.name, at) : Faults{}));
    }
    if (gone && gone(service.name, time)) continue;
    vector.emplace_back(Labels{{"service", service.name}}, service.rows[step](feature));
  }
  return vector;
}

}  // namespace promheal::anomaly
