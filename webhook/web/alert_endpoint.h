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
  Duration patience = std::chrono::seconds(4);  // For the commit; then 503.
  PayloadRecorder* recorder = nullptr;          // Null: payloads are not recorded.
  // Of lines about what senders do wrong, which are theirs to repeat.
  std::shared_ptr<LogLimit> complaints = {};
};

// POST /api/v1/alerts. 200 when the delivery is durable; 400 with the reason for a payload that is
// none, which Alertmanager does not send again; 503 where it cannot be made durable now, which it
// does.
HttpRoute AlertRoute(AlertEndpoint endpoint);

// Counts one answered request, where it was a delivery, by what came of it.
void CountDelivery(HealingMetrics& metrics, const HttpExchange& exchange);

}  // namespace promheal::healing
