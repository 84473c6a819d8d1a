#include "webhook/alertmanager_reader.h"

#include <fmt/core.h>

#include <utility>
#include <vector>

#include "common/io/utf8.h"

namespace promheal::healing {
namespace {

// How soon a reload is noticed while no Alertmanager is configured.
constexpr Duration kIdle = std::chrono::seconds(5);
constexpr size_t kQuotedCharacters = 200;

}  // namespace

Result<std::vector<KnownAlert>> ReadAlerts(const AlertmanagerOptions& options, HttpClient& http) {
  std::vector<std::pair<std::string, std::string>> fields = {
      {"active", "true"}, {"silenced", "true"}, {"inhibited", "true"}, {"unprocessed", "true"}};
  for (const std::string& filter : options.filter) fields.emplace_back("filter", filter);
  const Result<HttpResponse> response =
      http.Send({.url = fmt::format("{}/api/v2/alerts?{}", WithoutSlashAtEnd(options.url),
                                    EncodeForm(fields)),
                 .timeout = options.timeout});
  if (!response) return tl::make_unexpected(response.error());
  if (response->status != 200) {
    return Fail(ErrorCode::kUnavailable,
                fmt::format("HTTP status {}: {}", response->status,
                            FirstWords(response->body, kQuotedCharacters)));
  }
  return ParseKnownAlerts(response->body);
}

AlertmanagerReader::AlertmanagerReader(std::function<ConfigSnapshot()> config,
                                       HttpClientFactory make_http, Inbox& inbox,
                                       HealingMetrics& metrics, const Clock& clock, Logger& logger)
    : config_(std::move(config)),
      make_http_(std::move(make_http)),
      inbox_(inbox),
      metrics_(metrics),
      clock_(clock),
      logger_(logger),
      thread_([this] { Run(); }) {}

AlertmanagerReader::~AlertmanagerReader() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  stopping_.notify_one();
  thread_.join();
}

void AlertmanagerReader::Run() {
  std::unique_lock lock(mutex_);
  while (!stopped_) {
    lock.unlock();
    const ConfigSnapshot config = config_();
    const bool asks = !config->alertmanager.url.empty();
    if (asks) ReadOnce(config);
    lock.lock();
    stopping_.wait_for(lock, asks ? config->alertmanager.interval : kIdle,
                       [this] { return stopped_; });
  }
}

void AlertmanagerReader::ReadOnce(const ConfigSnapshot& config) {
  if (http_config_ != config) {
    http_ = make_http_(config->alertmanager.http);
    http_config_ = config;
  }
  const Time asked_at = clock_.Now();
  Result<std::vector<KnownAlert>> alerts = ReadAlerts(config->alertmanager, *http_);
  metrics_.SetAlertmanager(alerts.has_value(), asked_at);
  if (alerts.has_value() != answers_) {
    answers_ = alerts.has_value();
    if (answers_) {
      logger_.Info("Alertmanager answers again");
    } else {
      logger_.Warn("Alertmanager does not answer: its last reading stays in force",
                   {{"error", alerts.error().message}});
    }
  }
  if (alerts) inbox_.Reconcile({asked_at, config->alertmanager.interval, std::move(*alerts)});
}

}  // namespace promheal::healing
