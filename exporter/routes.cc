#include "exporter/routes.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/io/program.h"
#include "common/io/prometheus/exposition.h"
#include "exporter/landing_page.h"
#include "exporter/score_collector.h"

namespace promheal::anomaly {
namespace {

constexpr Duration kReloadTimeout = std::chrono::seconds(60);
constexpr char kProgram[] = "anomaly_exporter";

HttpServerResponse Text(int status, std::string body) {
  return {.status = status, .body = std::move(body) + "\n"};
}

// Ready once a cycle got an answer from Prometheus.
HttpServerResponse Ready(const Snapshot& snapshot) {
  if (snapshot.time == Time()) return Text(503, "not ready: the first cycle has not ended yet");
  if (!snapshot.prometheus_up) return Text(503, "not ready: Prometheus does not answer");
  const auto trained =
      std::count_if(snapshot.targets.begin(), snapshot.targets.end(),
                    [](const TargetSnapshot& target) { return target.trained_at.has_value(); });
  return Text(
      200, fmt::format("ready: {} of {} targets have a model", trained, snapshot.targets.size()));
}

HttpServerResponse Reload(ReloadRequests& reloads) {
  const Status outcome = reloads.RequestAndWait(kReloadTimeout);
  if (outcome) return Text(200, "configuration reloaded");
  return Text(outcome.error().code == ErrorCode::kTimeout ? 504 : 500, outcome.error().message);
}

HttpServerResponse LifecycleOff() {
  return Text(403, "lifecycle is off: start with --web.enable-lifecycle");
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
  routes.push_back(
      {"GET", "/-/healthy", [](const HttpServerRequest&) { return Text(200, "healthy"); }, false});
  routes.push_back({"GET", "/-/ready",
                    [sources](const HttpServerRequest&) { return Ready(*sources.snapshot.Get()); },
                    false});
  for (const char* method : {"POST", "PUT"}) {
    routes.push_back({method, "/-/reload", [sources](const HttpServerRequest&) {
                        return sources.enable_lifecycle ? Reload(sources.reloads) : LifecycleOff();
                      }});
    routes.push_back({method, "/-/quit", [sources](const HttpServerRequest&) {
                        if (!sources.enable_lifecycle) return LifecycleOff();
                        ReloadRequests::RequestTermination();
                        return Text(200, "terminating");
                      }});
  }
  return routes;
}

}  // namespace promheal::anomaly
