#include "webhook/run.h"

#include <cstdio>
#include <memory>

#include "common/io/program.h"
#include "common/io/signal_waiter.h"
#include "webhook/cli/command.h"
#include "webhook/cli/config_check.h"
#include "webhook/healing_service.h"
#include "webhook/ledger/storage_path.h"

namespace promheal::healing {
namespace {

int Serve(HealingServiceOptions options, const Clock& clock, Logger& logger) {
  SignalWaiter signals;
  auto service = HealingService::Start(std::move(options), clock, logger);
  if (!service) return Complain(service.error());
  while (true) {
    const auto signal = signals.WaitFor(std::chrono::hours(1));
    if (signal == Signal::kTerminate) break;
    // Reload logs its result and sets a metric.
    if (signal == Signal::kReload) [[maybe_unused]]
      const Status reloaded = (*service)->Reload();
  }
  logger.Info("stopping");
  return 0;
}

std::vector<ExtraFlag> FlagsOf(HealingServiceOptions& options, bool& check_queries) {
  return {
      {.name = "config.check.queries",
       .help = "With --config.check: also ask Prometheus every query of the policies about every "
               "known target, and tell which have no data.",
       .given = &check_queries},
      StoragePathFlag(options.storage_path),
      {.name = "record.payloads",
       .help = "Append accepted payloads, without headers, to this file, for "
               "`healing_webhook simulate`.",
       .default_value = "",
       .value = &options.record_payloads,
       .placeholder = "PATH"},
      {.name = "web.allow-unauthenticated",
       .help = "Accept alerts and orders from anyone if neither users nor tokens are "
               "configured.",
       .given = &options.allow_unauthenticated},
      {.name = "web.protect-reads",
       .help = "Also ask for credentials for pages, incidents and metrics.",
       .given = &options.protect_reads}};
}

}  // namespace

int Run(int argc, const char* const* argv) {
  if (const auto status = RunCommand(argc, argv)) return *status;
  HealingServiceOptions options;
  bool check_queries = false;
  const ProgramDescription program = {
      .name = "healing_webhook",
      .summary =
          "Heals what Prometheus alerts about: takes alerts from Alertmanager, decides, acts,\n"
          "and verifies. Commands, each with --help:\n\n" +
          CommandSummaries() + "\nWithout a command it serves",
      .default_config_file = "healing.yml",
      .default_listen_address = ":10181"};
  const Result<ParsedFlags> parsed =
      ParseFlags(program, FlagsOf(options, check_queries), argc, argv);
  if (!parsed) return Complain(parsed.error());
  if (parsed->exit_now) return 0;
  const CommonFlags& flags = parsed->flags;
  const SystemClock clock;
  if (flags.config_check) return CheckConfig(flags, check_queries, clock);
  if (check_queries) {
    return Complain({ErrorCode::kInvalidArgument,
                     "--config.check.queries goes with --config.check (try --help)"});
  }
  options.config_file = flags.config_file;
  options.prometheus_url = flags.prometheus_url;
  options.web_listen_address = flags.web_listen_address;
  options.web_config_file = flags.web_config_file;
  options.web_enable_lifecycle = flags.web_enable_lifecycle;
  const auto logger = MakeStderrLogger(flags.log_level, flags.log_format, clock);
  return Serve(std::move(options), clock, *logger);
}

}  // namespace promheal::healing
