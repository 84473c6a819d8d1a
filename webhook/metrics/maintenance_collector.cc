#include "webhook/metrics/maintenance_collector.h"

#include <prometheus/client_metric.h>
#include <prometheus/metric_family.h>

#include <utility>
#include <vector>

namespace promheal::healing {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;

class MaintenanceCollector final : public prometheus::Collectable {
 public:
  MaintenanceCollector(std::function<ConfigSnapshot()> config, const Clock& clock)
      : config_(std::move(config)), clock_(clock) {}

  std::vector<MetricFamily> Collect() const override {
    MetricFamily family = {"healing_maintenance",
                           "1 while a maintenance window is open: no action is started on its "
                           "targets.",
                           prometheus::MetricType::Gauge,
                           {}};
    const ConfigSnapshot config = config_();
    const Time now = clock_.Now();
    for (const MaintenanceWindow& window : config->policies.maintenance) {
      ClientMetric metric;
      metric.label.push_back({"window", window.name});
      metric.gauge.value = OpenWindow(window, now) ? 1 : 0;
      family.metric.push_back(std::move(metric));
    }
    return {std::move(family)};
  }

 private:
  const std::function<ConfigSnapshot()> config_;
  const Clock& clock_;
};

}  // namespace

std::shared_ptr<prometheus::Collectable> MakeMaintenanceCollector(
    std::function<ConfigSnapshot()> config, const Clock& clock) {
  return std::make_shared<MaintenanceCollector>(std::move(config), clock);
}

}  // namespace promheal::healing
