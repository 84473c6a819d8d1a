#include "webhook/web/order_endpoint.h"

#include <array>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "webhook/ledger/records.h"
#include "webhook/web/order_request.h"

namespace promheal::healing {
namespace {

constexpr std::string_view kIncidents = "/api/v1/incidents/";
constexpr std::string_view kFalseAlarm = "/false-alarm";

struct OrderPath {
  const char* path;
  OrderKind kind;
};
constexpr std::array<OrderPath, 6> kPaths = {{
    {"/-/pause", OrderKind::kPause},
    {"/-/resume", OrderKind::kResume},
    {"/api/v1/targets/freeze", OrderKind::kFreeze},
    {"/api/v1/targets/unfreeze", OrderKind::kUnfreeze},
    {"/api/v1/overrides/release", OrderKind::kRelease},
    {"/api/v1/incidents/*/false-alarm", OrderKind::kFalseAlarm},
}};

// A browser adds the credentials that it remembers to any request that any page makes it send.
bool IsFromAnotherSite(const HttpServerRequest& request) {
  const std::string_view origin = request.Header("Origin");
  const size_t host = origin.find("://");
  return !origin.empty() &&
         (host == std::string_view::npos || origin.substr(host + 3) != request.Header("Host"));
}

HttpServerResponse Confirm(const OrderReport& report) {
  const nlohmann::json json = {
      {"changed", report.changed}, {"text", report.text}, {"incidents", report.incidents}};
  return {.status = 200,
          .content_type = "application/json",
          .body = json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n"};
}

HttpServerResponse Take(const OrderEndpoint& endpoint, OrderKind kind,
                        const HttpServerRequest& request) {
  if (auto refused = RefuseWrite(endpoint.access)) return *refused;
  if (IsFromAnotherSite(request))
    return TextResponse(403, "refused: a page of another site sent this");
  Result<Order> order = ParseOrder(kind, request, *endpoint.config());
  if (!order) return TextResponse(400, order.error().message);
  order->by = NameOf(request);
  order->from = request.remote_address;
  if (kind == OrderKind::kFalseAlarm) {
    std::string_view id = std::string_view(request.path).substr(kIncidents.size());
    id.remove_suffix(kFalseAlarm.size());
    order->incident_id = id;
  }
  const Result<OrderReport> report = endpoint.inbox.Give(std::move(*order), endpoint.patience);
  if (report) return Confirm(*report);
  return report.error().code == ErrorCode::kNotFound ? TextResponse(404, report.error().message)
                                                     : Unavailable(report.error().message);
}

}  // namespace

std::vector<HttpRoute> OrderRoutes(const OrderEndpoint& endpoint) {
  std::vector<HttpRoute> routes;
  for (const OrderPath& order : kPaths) {
    routes.push_back(
        {"POST", order.path, [endpoint, kind = order.kind](const HttpServerRequest& request) {
           return Take(endpoint, kind, request);
         }});
  }
  return routes;
}

HttpRoute ControlRoute(const PublishedSnapshot& published) {
  return {"GET", "/api/v1/control", [&published](const HttpServerRequest&) {
            const auto snapshot = published.Get();
            std::string body = "{\"paused\":";
            body += snapshot->paused ? Encode(*snapshot->paused) : "null";
            body += ",\"frozen\":[";
            for (const FrozenRecord& frozen : snapshot->frozen) {
              if (body.back() != '[') body += ',';
              body += Encode(frozen);
            }
            return HttpServerResponse{
                .status = 200, .content_type = "application/json", .body = body + "]}\n"};
          }};
}

void CountOrder(HealingMetrics& metrics, const HttpExchange& exchange) {
  for (const OrderPath& order : kPaths) {
    if (exchange.route == order.path) metrics.CountOrder(order.kind, ResultOf(exchange.status));
  }
}

}  // namespace promheal::healing
