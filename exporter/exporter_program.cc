#include "exporter/exporter_program.h"

#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "common/io/program.h"
#include "common/io/prometheus/prometheus_options.h"
#include "common/io/signal_waiter.h"
#include "exporter/backtest/backtest_program.h"
#include "exporter/exporter.h"
#include "exporter/routes.h"

namespace promheal::anomaly {
namespace {

const ProgramDescription kDescription = {
    .name = "anomaly_exporter",
    .summary =
        "Reads features of each target from Prometheus, and exposes how anomalous the target is "
        "and "
        "why.\n\n"
        "The command `anomaly_exporter backtest` scores history instead: see backtest --help.",
    .default_config_file = "exporter.yml",
    .default_listen_address = ":10180"};

Result<ExporterConfig> LoadWithFlags(const CommonFlags& flags) {
  Result<ExporterConfig> config = LoadConfig(flags.config_file);
  if (config && !flags.prometheus_url.empty()) config->prometheus.url = flags.prometheus_url;
  return config;
}

Result<WebConfig> LoadWeb(const CommonFlags& flags, WebSecrets secrets = WebSecrets::kRead) {
  return flags.web_config_file.empty() ? WebConfig()
                                       : LoadWebConfig(flags.web_config_file, secrets);
}

int CheckConfig(const CommonFlags& flags) {
  const Result<ExporterConfig> config = LoadWithFlags(flags);
  const Result<WebConfig> web = LoadWeb(flags, WebSecrets::kLeave);
  if (!config) Complain(config.error());
  if (!web) Complain(web.error());
  if (!config || !web) return 1;
  fmt::print("OK: {} features of targets by {}, every {} s, from {}\n", config->features.size(),
             fmt::join(config->target_labels, ", "),
             std::chrono::duration<double>(config->interval).count(),
             WithoutUserInfo(config->prometheus.url));
  return 0;
}

// The running program: the worker's loop over cycles and signals.
class Program {
 public:
  Program(CommonFlags flags, const std::string& storage_path, Logger& logger)
      : flags_(std::move(flags)), logger_(logger), store_(storage_path, logger) {}

  int Run(SignalWaiter& signals) {
    const Result<ExporterConfig> config = LoadWithFlags(flags_);
    if (!config) return Complain(config.error());
    const Result<WebConfig> web = LoadWeb(flags_);
    if (!web) return Complain(web.error());
    config_yaml_.Publish(std::make_shared<const std::string>(ToYaml(*config)));
    auto server =
        HttpServer::Start({.listen_address = flags_.web_listen_address, .web_config = *web},
                          ExporterRoutes({snapshot_, config_yaml_, metrics_, clock_, reloads_,
                                          flags_.web_enable_lifecycle}),
                          logger_);
    if (!server) return Complain(server.error());
    logger_.Info("started", {{"version", VersionText(kDescription.name)},
                             {"port", (*server)->port()},
                             {"prometheus", WithoutUserInfo(config->prometheus.url)}});
    metrics_.ConfigLoaded(true, clock_.Now());
    Watch(*config, std::nullopt);
    Loop(signals, **server);
    exporter_->Save();
    logger_.Info("stopped");
    return 0;
  }

 private:
  void Watch(const ExporterConfig& config, std::optional<Fleet> previous) {
    exporter_ = std::make_unique<AnomalyExporter>(
        config, ConnectTo(config.prometheus),
        ExporterDependencies{clock_, logger_, store_, metrics_, snapshot_}, std::move(previous));
    exporter_->Start();
  }

  void Loop(SignalWaiter& signals, HttpServer& server) {
    while (true) {
      exporter_->RunCycle();
      const Time next = exporter_->NextRun();
      for (Time now = clock_.Now(); now < next; now = clock_.Now()) {
        const std::optional<Signal> signal = signals.WaitFor(next - now);
        if (signal == Signal::kTerminate) return;
        if (signal == Signal::kReload) Reload(server);
      }
    }
  }

  void Reload(HttpServer& server) {
    reloads_.Begin();
    const Status outcome = TryReload(server);
    metrics_.ConfigLoaded(outcome.has_value(), clock_.Now());
    if (outcome) {
      logger_.Info("configuration reloaded");
    } else {
      logger_.Error("configuration not reloaded, the old configuration stays",
                    {{"error", outcome.error().message}});
    }
    reloads_.End(outcome);
  }

  Status TryReload(HttpServer& server) {
    const Result<ExporterConfig> config = LoadWithFlags(flags_);
    if (!config) return tl::make_unexpected(config.error());
    const Result<WebConfig> web = LoadWeb(flags_);
    if (!web) return tl::make_unexpected(web.error());
    server.SetWebConfig(*web);
    config_yaml_.Publish(std::make_shared<const std::string>(ToYaml(*config)));
    const bool same = Fingerprint(*config) == Fingerprint(exporter_->config());
    Watch(*config, same ? std::optional(exporter_->HandOverFleet()) : std::nullopt);
    return {};
  }

  const CommonFlags flags_;
  Logger& logger_;
  const SystemClock clock_;
  ModelStore store_;
  ExporterMetrics metrics_;
  Published<Snapshot> snapshot_;
  Published<std::string> config_yaml_;
  ReloadRequests reloads_;
  std::unique_ptr<AnomalyExporter> exporter_;
};

}  // namespace

int RunExporterProgram(int argc, const char* const* argv) {
  if (argc > 1 && std::string_view(argv[1]) == "backtest") {
    return RunBacktestProgram(argc - 1, argv + 1);
  }
  if (argc > 1 && !std::string_view(argv[1]).starts_with("-")) {
    return Complain(
        {ErrorCode::kInvalidArgument, std::string("there is no command '") + argv[1] +
                                          "': expected backtest, or flags only (try --help)"});
  }
  std::string storage_path;
  const Result<ParsedFlags> parsed =
      ParseFlags(kDescription,
                 {{.name = "storage.path",
                   .help = "Directory for trained models, so that a restart scores at once; empty: "
                           "no models are kept.",
                   .default_value = "",
                   .value = &storage_path}},
                 argc, argv);
  if (!parsed) return Complain(parsed.error());
  if (parsed->exit_now) return 0;
  if (parsed->flags.config_check) return CheckConfig(parsed->flags);

  SignalWaiter signals;
  const SystemClock clock;
  const std::unique_ptr<Logger> logger =
      MakeStderrLogger(parsed->flags.log_level, parsed->flags.log_format, clock);
  return Program(parsed->flags, storage_path, *logger).Run(signals);
}

}  // namespace promheal::anomaly
