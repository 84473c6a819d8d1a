#include "exporter/routes.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/io/http/lifecycle_routes.h"
#include "common/io/program.h"
#include "common/io/prometheus/exposition.h"
#include "exporter/landing_page.h"
#include "exporter/score_collector.h"

namespace promheal::anomaly {
namespace {

constexpr Duration kReloadTimeout = std::chrono::seconds(60);
constexpr char kProgram[] = "anomaly_exporter";

// An error until a cycle got an answer from Prometheus.
Result<std::string> Ready(const Snapshot& snapshot) {
  if (snapshot.time == Time()) {
    return Fail(ErrorCode::kUnavailable, "the first cycle has not ended yet");
  }
  if (!snapshot.prometheus_up) {
    return Fail(ErrorCode::kUnavailable, "Prometheus does not answer");
  }
  const auto trained =
      std::count_if(snapshot.targets.begin(), snapshot.targets.end(),
                    [](const TargetSnapshot& target) { return target.trained_at.has_value(); });
  return fmt::format("{} of {} targets have a model", trained, snapshot.targets.size());
}

}  // namespace

std::vector<HttpRoute> ExporterRoutes(const PageSources& sources) {
  std::vector<HttpRoute> routes;
  routes.push_back({"GET", "/", [sources](const HttpServerRequest&) {
                      return HttpServerResponse{
                          .content_type = "text/html; charset=utf-8",
                          .body = LandingPage(*sources.snapshot.Get(), sources.clock.Now(),
                                              VersionText(kProgram))};
                    }});
  routes.push_back(MetricsRoute({std::make_shared<ScoreCollector>(sources.snapshot, sources.clock),
                                 sources.metrics.collectable(), MakeProcessCollector(),
                                 MakeBuildInfoCollector(kProgram)}));
  routes.push_back({"GET", "/config", [sources](const HttpServerRequest&) {
                      return HttpServerResponse{.body = *sources.config_yaml.Get()};
                    }});
  for (HttpRoute& route :
       LifecycleRoutes({.enabled = sources.enable_lifecycle,
       .methods = {"POST", "PUT"},
       .ready = [sources] { return Ready(*sources.snapshot.Get()); },
       .reload = [sources] { return sources.reloads.RequestAndWait(kReloadTimeout); }})) {
    routes.push_back(std::move(route));
  }
  return routes;
}

}  // namespace promheal::anomaly
