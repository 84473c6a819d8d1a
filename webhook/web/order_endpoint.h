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
  Duration patience = std::chrono::seconds(4);  // For the commit; then 503.
};

// What people tell a healer that runs: POST /-/pause, /-/resume, /api/v1/targets/freeze,
// /api/v1/targets/unfreeze, /api/v1/overrides/release, /api/v1/incidents/ID/false-alarm. 200 with
// what came of it when it is durable; 400 with the reason, 404 for an unknown incident, 403 for
// what a page of another site sends, 503 where it cannot be made durable now.
std::vector<HttpRoute> OrderRoutes(const OrderEndpoint& endpoint);

// GET /api/v1/control: {"paused": {"by", "since", "why"} or null, "frozen": [...]}.
HttpRoute ControlRoute(const PublishedSnapshot& published);

// Counts one answered request, where it was an order, by what came of it.
void CountOrder(HealingMetrics& metrics, const HttpExchange& exchange);

}  // namespace promheal::healing
