#include <fmt/format.h>

#include "common/io/program.h"
#include "common/io/prometheus/exposition.h"

namespace promheal {
namespace {

class BuildInfoCollector final : public prometheus::Collectable {
 public:
  explicit BuildInfoCollector(std::string program) : program_(std::move(program)) {}

  std::vector<prometheus::MetricFamily> Collect() const override {
    const BuildInfo build = ThisBuild();
    prometheus::ClientMetric metric;
    metric.label = {
        {"version", build.version}, {"revision", build.revision}, {"compiler", build.compiler}};
    metric.gauge.value = 1;
    return {{program_ + "_build_info",
             fmt::format("The sources and the compiler of {}; the value is always 1.", program_),
             prometheus::MetricType::Gauge,
             {std::move(metric)}}};
  }

 private:
  const std::string program_;
};

}  // namespace

std::shared_ptr<prometheus::Collectable> MakeBuildInfoCollector(std::string program) {
  return std::make_shared<BuildInfoCollector>(std::move(program));
}

}  // namespace promheal
