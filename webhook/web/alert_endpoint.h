#pragma once

#include <atomic>
#include <memory>

#include "common/io/http/http_server.h"
#include "common/io/log.h"
#include "common/io/log_limit.h"
#include "webhook/alerts/payload_recorder.h"
#include "webhook/healer/inbox.h"
#include "webhook/metrics/healing_metrics.h"
#include "webhook/web/write_access.h"

namespace promheal::healing {

struct AlertEndpoint {
  Inbox& inbox;
  HealingMetrics& metrics;
  Logger& logger;
  const std::atomic<WriteAccess>& access;
  Duration patience = std::chrono::seconds(4);  // How long to wait for the commit; then 503.
  PayloadRecorder* recorder = nullptr;          // Null: payloads are not recorded.
  // Limits log lines about mistakes of senders, which may repeat them at will.
  std::shared_ptr<LogLimit> complaints = {};
};

// POST /api/v1/alerts. 200 once the delivery is durable. 400 with the reason if the payload is
// malformed; Alertmanager does not send it again. 503 if it cannot be made durable now;
// Alertmanager sends it again.
HttpRoute AlertRoute(AlertEndpoint endpoint);

// Counts an answered request by its result, if it was a delivery.
void CountDelivery(HealingMetrics& metrics, const HttpExchange& exchange);

}  // namespace promheal::healing
