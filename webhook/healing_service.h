#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "common/base/result.h"
#include "common/io/clock.h"
#include "common/io/http/http_server.h"
#include "common/io/http/lifecycle_routes.h"
#include "common/io/log.h"
#include "webhook/alertmanager_reader.h"
#include "webhook/alerts/payload_recorder.h"
#include "webhook/call_pool.h"
#include "webhook/config/config.h"
#include "webhook/healer/healer.h"
#include "webhook/healer/inbox.h"
#include "webhook/metrics/announcer.h"
#include "webhook/metrics/healing_metrics.h"
#include "webhook/metrics/measured_ledger.h"
#include "webhook/state/healing_snapshot.h"
#include "webhook/state/ledger_health.h"
#include "webhook/web/alert_endpoint.h"
#include "webhook/worker.h"

namespace promheal::healing {

struct HealingServiceOptions {
  std::string config_file;
  std::string prometheus_url;         // Wins over the configuration's, unless empty.
  std::string storage_path = "data";  // A directory; created if there is none.
  std::string record_payloads;        // A file; empty: payloads are not recorded.
  std::string web_listen_address = ":10181";
  std::string web_config_file;  // Empty: all writes are refused, unless allow_unauthenticated.
  bool web_enable_lifecycle = false;
  bool allow_unauthenticated = false;
  bool protect_reads = false;  // Also ask for credentials for pages, incidents and metrics.
};

// The running program: HTTP server, worker, calls and ledger. The destructor waits for running
// actions and otherwise stops like a crash: Alertmanager sends unconfirmed deliveries again, and
// the next start observes unfinished actions. Thread safety: Reload from any thread.
class HealingService {
 public:
  static Result<std::unique_ptr<HealingService>> Start(HealingServiceOptions options,
                                                       const Clock& clock, Logger& logger);
  ~HealingService();
  HealingService(const HealingService&) = delete;
  HealingService& operator=(const HealingService&) = delete;

  // Reads both configuration files again. An error leaves everything as it is.
  Status Reload();
  uint16_t port() const { return server_->port(); }

 private:
  HealingService(HealingServiceOptions options, const Clock& clock, Logger& logger);
  Status Run();
  Status OpenLedger();
  Status StartServer();
  Result<ConfigSnapshot> ReadConfig() const;
  Result<WebConfig> ReadWebConfig();
  Status ReloadBoth();
  std::vector<HttpRoute> Routes();
  std::vector<HttpRoute> StatusRoutes();
  Lifecycle MakeLifecycle();
  ConfigSnapshot config() const;

  const HealingServiceOptions options_;
  const Clock& clock_;
  Logger& logger_;
  std::atomic<WriteAccess> access_ = WriteAccess::kClosed;
  HealingMetrics metrics_;
  Announcer announcer_{metrics_, logger_};
  Inbox inbox_;
  PublishedSnapshot published_;
  LedgerHealth health_;
  std::mutex reload_mutex_;
  mutable std::mutex config_mutex_;
  ConfigSnapshot config_;
  // In the order of starting; they stop in reverse order.
  std::unique_ptr<Ledger> ledger_;
  std::unique_ptr<MeasuredLedger> measured_ledger_;
  std::unique_ptr<PayloadRecorder> recorder_;  // Null: payloads are not recorded.
  std::unique_ptr<CallPool> calls_;
  std::unique_ptr<Healer> healer_;
  std::unique_ptr<Worker> worker_;
  std::unique_ptr<AlertmanagerReader> alertmanager_;
  std::unique_ptr<HttpServer> server_;
};

}  // namespace promheal::healing
