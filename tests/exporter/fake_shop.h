#pragma once

#include <functional>
#include <string>
#include <vector>

#include "exporter/config/config.h"
#include "tests/exporter/core/simulated_service.h"
#include "tests/support/fake_prometheus_api.h"

namespace promheal::anomaly {

// Simulated services behind a fake Prometheus, two seconds a step from `start` on, and the
// configuration that watches them: features requests, errors, latency and cpu by service.
class FakeShop {
 public:
  using Faults = SimulatedService::Faults;

  FakeShop(support::FakePrometheusApi& api, Time start, std::vector<std::string> services);

  // What is wrong with a service at a time. To be set before that time is asked about.
  std::function<Faults(const std::string& service, Time time)> faults;

  // Everything about a service that is gone is absent.
  std::function<bool(const std::string& service, Time time)> gone;

  static ExporterConfig Config();

 private:
  struct Service {
    std::string name;
    SimulatedService simulation;
    std::vector<Eigen::RowVectorXd> rows;  // One a step so far.
  };

  support::FakePrometheusApi::Vector ValuesAt(Time time, int feature);

  Time start_;
  std::vector<Service> services_;
};

}  // namespace promheal::anomaly
