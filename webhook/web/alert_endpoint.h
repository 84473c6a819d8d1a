#pragma once

#include <atomic>
#include <optional>

#include "common/io/http_server.h"
#include "common/io/log.h"
#include "webhook/healing_metrics.h"
#include "webhook/inbox.h"
#include "webhook/payload_recorder.h"

namespace promheal::healing {

// Whether POST requests may change anything: only with credentials configured, or where the
// operator has said that none are wanted.
enum class WriteAccess {
  kClosed,         // No credentials are configured: every write is refused with 401.
  kAuthenticated,  // The HTTP server has checked basic authentication.
  kOpen,           // --web.allow-unauthenticated.
};

struct AlertEndpoint {
  Inbox& inbox;
  HealingMetrics& metrics;
  Logger& logger;
  const std::atomic<WriteAccess>& access;
  Duration patience = std::chrono::seconds(4);  // For the commit; then 503.
  PayloadRecorder* recorder = nullptr;          // Null: payloads are not recorded.
};

// POST /api/v1/alerts. 200 when the delivery is durable; 400 with the reason for a payload that is
// none, which Alertmanager does not send again; 503 where it cannot be made durable now, which it
// does.
HttpRoute AlertRoute(AlertEndpoint endpoint);

// Counts one answered request, where it was a delivery, by what came of it.
void CountDelivery(HealingMetrics& metrics, const HttpExchange& exchange);

// The answer where write access is closed; nothing where it is not.
std::optional<HttpServerResponse> RefuseWrite(WriteAccess access);

}  // namespace promheal::healing
