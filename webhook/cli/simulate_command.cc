#include "webhook/cli/simulate_command.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/base/duration.h"
#include "common/base/time_argument.h"
#include "common/io/program.h"
#include "common/io/prometheus/prometheus_api.h"
#include "webhook/simulate/alert_history.h"
#include "webhook/simulate/answers.h"
#include "webhook/simulate/comparison.h"
#include "webhook/simulate/simulation.h"

namespace promheal::healing {
namespace {

struct SimulateFlags {
  std::string config_file;
  std::string prometheus_url;
  std::string against;
  std::string payloads;
  std::string from;
  std::string to;
  std::string answers;
  std::string after;
  bool as_auto = false;
  bool json = false;
};

std::vector<ExtraFlag> FlagsInto(SimulateFlags& flags) {
  return {
      {.name = "against",
       .help = "A second configuration to compare with.",
       .value = &flags.against,
       .placeholder = "PATH"},
      {.name = "payloads",
       .help =
           "The recorded deliveries: a file of --record.payloads, or a directory of such files.",
       .value = &flags.payloads,
       .placeholder = "PATH"},
      {.name = "from",
       .help = "Without --payloads: read the alerts from Prometheus' history of ALERTS, since "
               "2026-11-21T21:00:00Z, or -1w.",
       .value = &flags.from,
       .placeholder = "TIME"},
      {.name = "to", .help = "The end of --from.", .value = &flags.to, .placeholder = "TIME"},
      {.name = "answers",
       .help = "A file of Prometheus' answers: written if there is none, else read instead of "
               "asking Prometheus.",
       .value = &flags.answers,
       .placeholder = "PATH"},
      {.name = "after",
       .help = "How long to continue after the last delivery.",
       .default_value = "30m",
       .value = &flags.after,
       .placeholder = "DURATION"},
      {.name = "as-auto",
       .help = "Let policies in shadow or recommend mode act, too.",
       .given = &flags.as_auto},
      {.name = "json", .help = "Print JSON.", .given = &flags.json}};
}

Result<ConfigSnapshot> Load(const std::string& path, const SimulateFlags& flags,
                            const Clock& clock) {
  return LoadConfig(path, clock,
                    {.prometheus_url = flags.prometheus_url, .adjust = [&](HealingConfig& config) {
                       PrepareForSimulation(config, flags.as_auto);
                     }});
}

bool IsRecorded(const SimulateFlags& flags) {
  std::error_code error;
  return !flags.answers.empty() && std::filesystem::exists(flags.answers, error);
}

Result<std::unique_ptr<Answers>> MakeAnswers(const SimulateFlags& flags,
                                             const HealingConfig& config) {
  if (!IsRecorded(flags)) {
    return std::make_unique<Answers>(std::make_unique<HttpPrometheusApi>(config.prometheus));
  }
  auto answers = std::make_unique<Answers>(nullptr);
  if (auto status = answers->Load(flags.answers); !status) {
    return tl::make_unexpected(status.error());
  }
  return answers;
}

Result<Time> TimeOf(const char* flag, const std::string& text) {
  const Result<Time> time = ParseTimeArgument(text, SystemClock().Now());
  if (!time) return Prefixed(flag, time.error());
  return time;
}

Result<std::vector<RecordedDelivery>> DeliveriesOf(const SimulateFlags& flags, Answers& answers) {
  const bool has_range = !flags.from.empty() && !flags.to.empty();
  if (flags.payloads.empty() ? !has_range : !flags.from.empty() || !flags.to.empty()) {
    return Fail(ErrorCode::kInvalidArgument,
                "nothing to simulate: expected either --payloads, or --from and --to");
  }
  if (!flags.payloads.empty()) return LoadPayloads(flags.payloads);
  const Result<Time> from = TimeOf("--from", flags.from);
  if (!from) return tl::make_unexpected(from.error());
  const Result<Time> to = TimeOf("--to", flags.to);
  if (!to) return tl::make_unexpected(to.error());
  if (*to < *from) return Fail(ErrorCode::kInvalidArgument, "--to lies before --from");
  return AlertHistory(answers, *from, *to);
}

Status Run(const SimulateFlags& flags) {
  const SystemClock clock;
  const Result<Duration> after = ParseDuration(flags.after);
  if (!after) return Prefixed("--after", after.error());
  std::vector<std::string> files = {flags.config_file};
  if (!flags.against.empty()) files.push_back(flags.against);
  std::vector<ConfigSnapshot> configs;
  for (const std::string& file : files) {
    auto config = Load(file, flags, clock);
    if (!config) return tl::make_unexpected(config.error());
    configs.push_back(std::move(*config));
  }
  const auto answers = MakeAnswers(flags, *configs.front());
  if (!answers) return tl::make_unexpected(answers.error());
  const auto deliveries = DeliveriesOf(flags, **answers);
  if (!deliveries) return tl::make_unexpected(deliveries.error());
  std::vector<SimulatedPolicy> policies;
  for (size_t i = 0; i < files.size(); ++i) {
    policies.push_back({files[i], Simulate(configs[i], *deliveries, **answers, *after)});
  }
  if (auto status = (*answers)->WasThere(); !status) {
    return Prefixed("Prometheus did not answer, so there is no result and nothing is saved",
                    status.error());
  }
  const ComparisonNotes notes{deliveries->size(), (*answers)->unanswered()};
  fmt::print("{}", flags.json ? ComparisonJson(policies, notes) : ComparisonText(policies, notes));
  if (flags.answers.empty() || IsRecorded(flags)) return {};
  return (*answers)->Save(flags.answers);
}

}  // namespace

int RunSimulate(int argc, const char* const* argv) {
  SimulateFlags flags;
  const auto parsed = ParseFlags({.name = "healing_webhook simulate",
                                  .summary = "Replays alerts through a policy file, or compares "
                                             "two files; takes no action",
                                  .default_config_file = "healing.yml",
                                  .default_listen_address = "",
                                  .has_configuration = true,
                                  .serves_http = false},
                                 FlagsInto(flags), argc, argv);
  if (!parsed) return Complain(parsed.error());
  if (parsed->exit_now) return 0;
  flags.config_file = parsed->flags.config_file;
  flags.prometheus_url = parsed->flags.prometheus_url;
  const Status done = Run(flags);
  return done ? 0 : Complain(done.error());
}

}  // namespace promheal::healing
