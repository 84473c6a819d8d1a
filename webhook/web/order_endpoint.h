#pragma once

#include <atomic>
#include <functional>
#include <vector>

#include "common/io/http/http_server.h"
#include "webhook/config/config.h"
#include "webhook/healer/inbox.h"
#include "webhook/metrics/healing_metrics.h"
#include "webhook/state/healing_snapshot.h"
#include "webhook/web/write_access.h"

namespace promheal::healing {

struct OrderEndpoint {
  Inbox& inbox;
  const std::atomic<WriteAccess>& access;
  std::function<ConfigSnapshot()> config;
  Duration patience = std::chrono::seconds(4);  // How long to wait for the commit; then 503.
};

// Orders that people give to a running healer: POST /-/pause, /-/resume, /api/v1/targets/freeze,
// /api/v1/targets/unfreeze, /api/v1/overrides/release, /api/v1/incidents/ID/false-alarm. 200 with
// the result once it is durable; 400 with the reason; 404 for an unknown incident; 403 if a page of
// another site sent it; 503 if it cannot be made durable now.
std::vector<HttpRoute> OrderRoutes(const OrderEndpoint& endpoint);

// GET /api/v1/control: {"paused": {"by", "since", "why"} or null, "frozen": [...]}.
HttpRoute ControlRoute(const PublishedSnapshot& published);

// Counts an answered request by its result, if it was an order.
void CountOrder(HealingMetrics& metrics, const HttpExchange& exchange);

}  // namespace promheal::healing
