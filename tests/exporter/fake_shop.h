#pragma once

#include <functional>
#include <string>
#include <vector>

#include "exporter/config/config.h"
#include "tests/exporter/core/simulated_service.h"
#include "tests/support/fake_prometheus_api.h"

namespace promheal::anomaly {

// Simulated services behind a fake Prometheus, two seconds a step from `start` on, and a
// configuration that watches them with the features requests, errors, latency and cpu by service.
class FakeShop {
 public:
  using Faults = SimulatedService::Faults;

  FakeShop(support::FakePrometheusApi& api, Time start, std::vector<std::string> services);

  // The faults of a service at a time. Set them before that time is queried.
  std::function<Faults(const std::string& service, Time time)> faults;

  // A service that is gone has no series.
  std::function<bool(const std::string& service, Time time)> gone;

  static ExporterConfig Config();

 private:
  struct Service {
    std::string name;
    SimulatedService simulation;
    std::vector<Eigen::RowVectorXd> rows;  // One for each step so far.
  };

  support::FakePrometheusApi::Vector ValuesAt(Time time, int feature);

  Time start_;
  std::vector<Service> services_;
};

}  // namespace promheal::anomaly
