#include "services/shop/shop_service.h"

#include <fmt/format.h>

#include "common/io/prometheus/exposition.h"
#include "services/shop/fault.h"
#include "services/shop/landing_page.h"

namespace promheal::shop {

ShopService::ShopService(ShopDescription shop, Duration service_time, bool faults_enabled,
                         Parts parts)
    : shop_(std::move(shop)),
      service_time_(service_time),
      faults_enabled_(faults_enabled),
      parts_(parts) {}

std::vector<HttpRoute> ShopService::Routes() {
  std::vector<HttpRoute> routes;
  for (const ShopRoute& route : shop_.routes) {
    routes.push_back(Hanging(route.method, route.path,
                             [this, &route](const HttpServerRequest&) { return Serve(route); }));
  }
  routes.push_back(
      Hanging("GET", "/", [this](const HttpServerRequest&) { return ShowLandingPage(); }));
  routes.push_back(Hanging("GET", "/health",
                           [](const HttpServerRequest&) { return TextResponse(200, "healthy"); }));
  routes.push_back(Hanging("GET", "/metrics", MetricsRoute(parts_.metrics.sources()).handler));
  if (faults_enabled_) {
    for (const char* method : {"GET", "POST"}) {
      routes.push_back(Hanging(method, "/fault", [this](const HttpServerRequest& request) {
        return InjectFault(request);
      }));
    }
  }
  return routes;
}

HttpServerResponse ShopService::Serve(const ShopRoute& route) {
  const ShopMetrics::InFlight in_flight(&parts_.metrics);
  const std::optional<WorkerPool::Lease> worker = parts_.workers.Acquire();
  if (!worker) {
    HttpServerResponse response = TextResponse(503, "all workers are busy and the line is full");
    response.headers.emplace_back("Retry-After", "1");
    return response;
  }
  parts_.workload.Do(parts_.faults.ServiceTime(service_time_));
  if (parts_.faults.Hits(FaultMode::kErrors)) {
    parts_.logger.Error("request failed", {{"route", route.path}, {"error", "injected fault"}});
    return TextResponse(500, "something went wrong");
  }
  if (parts_.faults.Hits(FaultMode::kLogErrors)) {
    parts_.logger.Error("stock is out of sync", {{"route", route.path}});
  }
  for (const Call& call : route.calls) {
    const Outcome outcome = parts_.dependencies.Send(call);
    if (outcome == Outcome::kSuccess) continue;
    return TextResponse(outcome == Outcome::kTimeout ? 504 : 502,
                        fmt::format("{} could not do its part", call.callee));
  }
  return TextResponse(200, fmt::format("{} {}: done", shop_.name, route.path));
}

HttpServerResponse ShopService::InjectFault(const HttpServerRequest& request) {
  const Result<Fault> fault = ParseFault(request.query);
  if (!fault) return TextResponse(400, fault.error().message);
  parts_.faults.Start(*fault);
  parts_.faults.WaitWhileHung();
  return TextResponse(200, Describe(*fault));
}

HttpServerResponse ShopService::ShowLandingPage() {
  HttpServerResponse response;
  response.content_type = "text/html; charset=utf-8";
  response.body = LandingPage(shop_, parts_.workers.usage(), faults_enabled_);
  return response;
}

HttpRoute ShopService::Hanging(std::string method, std::string path, HttpHandler handler) {
  return {std::move(method), std::move(path),
          [this, next = std::move(handler)](const HttpServerRequest& request) {
            parts_.faults.WaitWhileHung();
            return next(request);
          }};
}

}  // namespace promheal::shop
