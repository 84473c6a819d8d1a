#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "common/io/clock.h"
#include "common/io/http/http_client.h"
#include "common/io/log.h"
#include "webhook/config/config.h"
#include "webhook/healer/inbox.h"
#include "webhook/metrics/healing_metrics.h"

namespace promheal::healing {

// Reads the alerts of an Alertmanager that match the filter. Errors are those of HttpClient;
// kUnavailable for any status except 200.
Result<std::vector<KnownAlert>> ReadAlerts(const AlertmanagerOptions& options, HttpClient& http);

using HttpClientFactory = std::function<std::unique_ptr<HttpClient>(const HttpClientOptions&)>;

// Polls Alertmanager on a thread of its own and hands the readings to the worker. Does nothing
// while the configuration names no Alertmanager. If Alertmanager does not answer, a metric changes
// and one line is logged. Thread safety: the destructor waits for the current poll.
class AlertmanagerReader {
 public:
  AlertmanagerReader(std::function<ConfigSnapshot()> config, HttpClientFactory make_http,
                     Inbox& inbox, HealingMetrics& metrics, const Clock& clock, Logger& logger);
  ~AlertmanagerReader();
  AlertmanagerReader(const AlertmanagerReader&) = delete;
  AlertmanagerReader& operator=(const AlertmanagerReader&) = delete;

 private:
  void Run();
  void ReadOnce(const ConfigSnapshot& config);

  const std::function<ConfigSnapshot()> config_;
  const HttpClientFactory make_http_;
  Inbox& inbox_;
  HealingMetrics& metrics_;
  const Clock& clock_;
  Logger& logger_;
  ConfigSnapshot http_config_;  // The configuration that http_ was made for.
  std::unique_ptr<HttpClient> http_;
  bool answers_ = true;
  std::mutex mutex_;
  std::condition_variable stopping_;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace promheal::healing
