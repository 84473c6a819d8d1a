#include "webhook/web/alert_endpoint.h"

#include <fmt/core.h>

#include "webhook/alerts/alert_json.h"

namespace promheal::healing {
namespace {

constexpr char kPath[] = "/api/v1/alerts";

// The number of complaints left out of the log since the last logged one; nullopt if this one is
// left out, too.
std::optional<int> LeftOut(const AlertEndpoint& endpoint) {
  return endpoint.complaints == nullptr ? std::optional(0) : endpoint.complaints->Admit();
}

HttpServerResponse Take(const AlertEndpoint& endpoint, const HttpServerRequest& request) {
  if (auto refused = RefuseWrite(endpoint.access)) return *refused;
  Result<Delivery> delivery = ParseDelivery(request.body);
  if (!delivery) {
    if (const auto left_out = LeftOut(endpoint)) {
      endpoint.logger.Warn("delivery refused", {{"remote", request.remote_address},
                                                {"error", delivery.error().message},
                                                {"complaints_left_out", *left_out}});
    }
    return TextResponse(400, delivery.error().message);
  }
  const size_t alerts = delivery->alerts.size();
  delivery->sender = fmt::format("{}{}{}", request.user, request.user.empty() ? "" : " at ",
                                 request.remote_address);
  if (delivery->truncated_alerts > 0) {
    endpoint.metrics.CountTruncated(delivery->truncated_alerts);
    if (const auto left_out = LeftOut(endpoint)) {
      endpoint.logger.Warn("the sender left alerts out: set max_alerts: 0 in its webhook_configs",
                           {{"left_out", delivery->truncated_alerts},
                            {"receiver", delivery->receiver},
                            {"group", delivery->group_key},
                            {"complaints_left_out", *left_out}});
    }
  }
  const Status durable = endpoint.inbox.Deliver(std::move(*delivery), endpoint.patience);
  if (!durable) return Unavailable(durable.error().message);
  if (endpoint.recorder != nullptr) endpoint.recorder->Record(request.body);
  return {.status = 200,
          .content_type = "application/json",
          .body = fmt::format("{{\"accepted\":{}}}\n", alerts)};
}

}  // namespace

void CountDelivery(HealingMetrics& metrics, const HttpExchange& exchange) {
  if (exchange.route == kPath) metrics.CountDelivery(ResultOf(exchange.status));
}

HttpRoute AlertRoute(AlertEndpoint endpoint) {
  return {"POST", kPath,
          [endpoint](const HttpServerRequest& request) { return Take(endpoint, request); }};
}

}  // namespace promheal::healing
