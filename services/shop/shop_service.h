#pragma once

#include <vector>

#include "common/io/http/http_server.h"
#include "common/io/log.h"
#include "services/shop/dependencies.h"
#include "services/shop/fault_injector.h"
#include "services/shop/shop_description.h"
#include "services/shop/shop_metrics.h"
#include "services/shop/worker_pool.h"
#include "services/shop/workload.h"

namespace promheal::shop {

// A service of the shop: its answers, also during a fault.
// Thread safety: routes may run on any thread at once.
class ShopService {
 public:
  // All must outlive the service.
  struct Parts {
    WorkerPool& workers;
    Workload& workload;
    FaultInjector& faults;
    Dependencies& dependencies;
    ShopMetrics& metrics;
    Logger& logger;
  };

  ShopService(ShopDescription shop, Duration service_time, bool faults_enabled, Parts parts);

  // The shop's routes, /, /health, /metrics, and /fault if faults are enabled.
  std::vector<HttpRoute> Routes();

 private:
  HttpServerResponse Serve(const ShopRoute& route);
  HttpServerResponse InjectFault(const HttpServerRequest& request);
  HttpServerResponse ShowLandingPage();
  // A route that waits for the end of a hang before `handler`.
  HttpRoute Hanging(std::string method, std::string path, HttpHandler handler);

  const ShopDescription shop_;
  const Duration service_time_;
  const bool faults_enabled_;
  const Parts parts_;
};

}  // namespace promheal::shop
