#include "common/io/prometheus/exposition.h"
#include "webhook/config/config.h"
#include "webhook/healing_service.h"
#include "webhook/metrics/healing_collector.h"
#include "webhook/metrics/maintenance_collector.h"
#include "webhook/web/incident_endpoint.h"
#include "webhook/web/landing_page.h"
#include "webhook/web/order_endpoint.h"

namespace promheal::healing {
namespace {

HttpServerResponse Html(std::string page) {
  // The page has no scripts and no external resources.
  return {
      .status = 200,
      .content_type = "text/html; charset=utf-8",
      .body = std::move(page),
      .headers = {{"Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"}}};
}

void Append(std::vector<HttpRoute>& routes, std::vector<HttpRoute> more) {
  for (HttpRoute& route : more) routes.push_back(std::move(route));
}

}  // namespace

std::vector<HttpRoute> HealingService::Routes() {
  std::vector<HttpRoute> reads = StatusRoutes();
  Append(reads, IncidentRoutes(published_));
  reads.push_back(ControlRoute(published_));
  for (HttpRoute& route : reads) route.authenticated = options_.protect_reads;
  std::vector<HttpRoute> routes = LifecycleRoutes(MakeLifecycle());
  routes.push_back(
      AlertRoute({.inbox = inbox_,
                  .metrics = metrics_,
                  .logger = logger_,
                  .access = access_,
                  .recorder = recorder_.get(),
                  .complaints = std::make_shared<LogLimit>(clock_, std::chrono::seconds(10))}));
  Append(routes, OrderRoutes({inbox_, access_, [this] { return config(); }}));
  Append(routes, std::move(reads));
  return routes;
}

std::vector<HttpRoute> HealingService::StatusRoutes() {
  const auto page = [this](const HttpServerRequest&) {
    return Html(LandingPage(*published_.Get(), *config(), health_.problem(), clock_.Now()));
  };
  const auto configuration = [this](const HttpServerRequest&) {
    return HttpServerResponse{.body = WriteConfig(*config())};
  };
  return {{"GET", "/", page},
          {"GET", "/config", configuration},
          MetricsRoute({metrics_.collectable(), MakeHealingCollector(published_, inbox_, health_),
                        MakeMaintenanceCollector([this] { return config(); }, clock_),
                        MakeBuildInfoCollector("healing_webhook"), MakeProcessCollector()})};
}

Lifecycle HealingService::MakeLifecycle() {
  return {.enabled = options_.web_enable_lifecycle,
          .ready = [this]() -> Result<std::string> {
            const std::string problem = health_.problem();
            if (!problem.empty()) return Fail(ErrorCode::kUnavailable, problem);
            return std::string();
          },
          .reload = [this] { return Reload(); },
          .refuse = [this] { return RefuseWrite(access_); }};
}

}  // namespace promheal::healing
