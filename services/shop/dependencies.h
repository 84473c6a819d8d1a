#pragma once

#include <string>

#include "common/io/clock.h"
#include "common/io/http/http_client.h"
#include "common/io/log.h"
#include "services/shop/shop_metrics.h"

namespace promheal::shop {

// Calls other services through the gateway. Thread safety: any thread.
class Dependencies {
 public:
  struct Options {
    std::string gateway_url = "http://127.0.0.1:3000";
    Duration timeout = std::chrono::seconds(2);  // Below the gateway's own 3 s.
  };

  // All references must outlive it.
  Dependencies(Options options, HttpClient& client, const Clock& clock, Logger& logger,
               ShopMetrics& metrics);

  // Success for 2xx; timeout without an answer in time and for the gateway's 504; otherwise error.
  Outcome Send(const Call& call);

 private:
  const Options options_;
  HttpClient& client_;
  const Clock& clock_;
  Logger& logger_;
  ShopMetrics& metrics_;
};

}  // namespace promheal::shop
