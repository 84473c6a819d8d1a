#include "webhook/healing_service.h"

#include <utility>

#include "webhook/ledger/audit_trail.h"
#include "webhook/ledger/check.h"
#include "webhook/plugins/ledger_table.h"
#include "webhook/web/order_endpoint.h"

namespace promheal::healing {
namespace {

constexpr size_t kQueueCapacity = 1000;
// Alertmanagers and Prometheus need a few. The others absorb a hundred clients that never finish a
// request.
constexpr size_t kConnectionsAtOnce = 160;
constexpr size_t kAuditRowsChecked = 1000;  // The last rows; `ledger check` verifies all.

Result<AuditPoint> CheckAudit(Ledger& ledger) {
  const Result<AuditReport> report = VerifyAudit(ledger, kAuditRowsChecked);
  if (!report) return tl::make_unexpected(report.error());
  if (report->broken.empty()) return report->head;
  return Fail(ErrorCode::kDataLoss, "the audit trail is broken: " + report->broken);
}

std::unique_ptr<PrometheusApi> ConnectPrometheus(const HealingConfig& config) {
  return std::make_unique<HttpPrometheusApi>(config.prometheus,
                                             MakeCurlHttpClient(config.prometheus.http));
}

}  // namespace

Result<std::unique_ptr<HealingService>> HealingService::Start(HealingServiceOptions options,
                                                              const Clock& clock, Logger& logger) {
  std::unique_ptr<HealingService> service(new HealingService(std::move(options), clock, logger));
  if (auto status = service->Run(); !status) return tl::make_unexpected(status.error());
  return service;
}

HealingService::HealingService(HealingServiceOptions options, const Clock& clock, Logger& logger)
    : options_(std::move(options)), clock_(clock), logger_(logger), inbox_(kQueueCapacity) {}

HealingService::~HealingService() = default;

Status HealingService::Run() {
  Result<ConfigSnapshot> config = ReadConfig();
  if (!config) return tl::make_unexpected(config.error());
  config_ = *config;
  metrics_.SetReload(true, clock_.Now());
  if (auto status = OpenLedger(); !status) return status;
  if (!options_.record_payloads.empty()) {
    auto recorder = PayloadRecorder::Open(options_.record_payloads, clock_, logger_);
    if (!recorder) return tl::make_unexpected(recorder.error());
    recorder_ = std::move(*recorder);
  }
  calls_ = std::make_unique<CallPool>(inbox_, clock_, ConnectPrometheus);
  healer_ = std::make_unique<Healer>(*measured_ledger_, *calls_, announcer_, config_);
  worker_ = std::make_unique<Worker>(*healer_, inbox_, published_, health_, clock_, logger_);
  alertmanager_ = std::make_unique<AlertmanagerReader>(
      [this] { return this->config(); }, MakeCurlHttpClient, inbox_, metrics_, clock_, logger_);
  if (auto status = StartServer(); !status) return status;
  logger_.Info("serving", {{"port", server_->port()}, {"configuration", Summary(*config_)}});
  if (access_ == WriteAccess::kClosed) {
    logger_.Warn("no alert will be accepted: configure users or tokens in --web.config.file");
  }
  return {};
}

Status HealingService::OpenLedger() {
  const LedgerKind& kind = LedgerKindOf(options_.storage_path);
  auto ledger = kind.open(options_.storage_path);
  if (!ledger) return tl::make_unexpected(ledger.error());
  const auto audit =
      CheckRecords(**ledger).and_then(VerdictOf).and_then([&] { return CheckAudit(**ledger); });
  if (!audit) {
    return Prefixed("checking the ledger " + kind.location(options_.storage_path),
                    {audit.error().code,
                     audit.error().message + "; " + kind.advice_if_damaged(options_.storage_path)});
  }
  // Compared with a log kept elsewhere, the hash reveals a trail that was rewritten as a whole.
  logger_.Info("ledger is whole", {{"audit_row", audit->sequence}, {"audit_sha256", audit->hash}});
  ledger_ = std::move(*ledger);
  measured_ledger_ = std::make_unique<MeasuredLedger>(*ledger_, metrics_, clock_);
  return {};
}

Status HealingService::StartServer() {
  Result<WebConfig> web_config = ReadWebConfig();
  if (!web_config) return tl::make_unexpected(web_config.error());
  auto server = HttpServer::Start({.listen_address = options_.web_listen_address,
                                   .threads = kConnectionsAtOnce,
                                   .web_config = std::move(*web_config),
                                   .observer =
                                       [this](const HttpExchange& exchange) {
                                         CountDelivery(metrics_, exchange);
                                         CountOrder(metrics_, exchange);
                                       }},
                                  Routes(), logger_);
  if (!server) return tl::make_unexpected(server.error());
  server_ = std::move(*server);
  return {};
}

Result<ConfigSnapshot> HealingService::ReadConfig() const {
  return LoadConfig(options_.config_file, clock_, {.prometheus_url = options_.prometheus_url});
}

// Also sets access_: who may write.
Result<WebConfig> HealingService::ReadWebConfig() {
  WebConfig web_config;
  if (!options_.web_config_file.empty()) {
    Result<WebConfig> loaded = LoadWebConfig(options_.web_config_file);
    if (!loaded) return loaded;
    web_config = std::move(*loaded);
  }
  access_ = web_config.HasCredentials()      ? WriteAccess::kAuthenticated
            : options_.allow_unauthenticated ? WriteAccess::kOpen
                                             : WriteAccess::kClosed;
  return web_config;
}

Status HealingService::Reload() {
  const std::lock_guard lock(reload_mutex_);
  const Status status = ReloadBoth();
  metrics_.SetReload(status.has_value(), clock_.Now());
  if (status) {
    logger_.Info("configuration reloaded", {{"configuration", Summary(*config())}});
  } else {
    logger_.Error("configuration not reloaded: the old one stays",
                  {{"error", status.error().message}});
  }
  return status;
}

Status HealingService::ReloadBoth() {
  Result<ConfigSnapshot> loaded = ReadConfig();
  if (!loaded) return tl::make_unexpected(loaded.error());
  Result<WebConfig> web_config = ReadWebConfig();
  if (!web_config) return tl::make_unexpected(web_config.error());
  server_->SetWebConfig(std::move(*web_config));
  {
    const std::lock_guard lock(config_mutex_);
    config_ = *loaded;
  }
  inbox_.Reconfigure(std::move(*loaded));
  return {};
}

ConfigSnapshot HealingService::config() const {
  const std::lock_guard lock(config_mutex_);
  return config_;
}

}  // namespace promheal::healing
