#include "webhook/cli/action_commands.h"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "common/io/clock.h"
#include "common/io/program.h"
#include "webhook/cli/action_reference.h"
#include "webhook/config/config.h"
#include "webhook/core/target_text.h"
#include "webhook/executors/override_executor.h"

namespace promheal::healing {
namespace {

constexpr Duration kAsking = std::chrono::seconds(10);

ProgramDescription Describe(const char* name, const char* summary) {
  return {.name = name,
          .summary = summary,
          .default_config_file = "healing.yml",
          .default_listen_address = "",
          .has_configuration = true,
          .serves_http = false};
}

// The guards that the healer applies whatever a policy says.
Status CheckGuards(const HealingConfig& config, const Labels& labels) {
  for (const std::string& name : config.target_labels) {
    if (labels.Has(name)) continue;
    return Fail(ErrorCode::kInvalidArgument, "--target: the label '" + name + "' is missing");
  }
  if (!IsProtected(config.policies, labels)) return {};
  return Fail(ErrorCode::kPermissionDenied, "refused: " + labels.ToString() + " is protected");
}

Result<Executor*> FindExecutor(const HealingConfig& config, const std::string& name) {
  const auto found = config.executors.find(name);
  if (found != config.executors.end()) return found->second.get();
  std::string known;
  for (const auto& [other, executor] : config.executors) {
    known += (known.empty() ? "" : ", ") + other;
  }
  return Fail(ErrorCode::kInvalidArgument, fmt::format("--action: there is no '{}': expected one "
                                                       "of: {}",
                                                       name, known));
}

Action ActionFor(const std::string& name, const HealingConfig& config, const Labels& labels,
                 const Clock& clock) {
  const Time now = clock.Now();
  return {.id = fmt::format("act/{:.3f}", ToUnixSeconds(now)),
          .name = name,
          .target = labels.Only(config.target_labels),
          .labels = labels,
          .intended_at = now};
}

int CarryOut(Executor& executor, const Action& action, Duration timeout) {
  const Receipt receipt = executor.Execute(action, timeout);
  fmt::print("{}: {}\n", ToString(receipt.result), receipt.detail);
  const OverrideExecutor* held = AsOverrideExecutor(executor);
  if (held != nullptr && receipt.result != ActionResult::kFailed) {
    fmt::print("{}\n", held->traits().expires
                           ? "It expires by itself: the healer does not renew it."
                           : "It stays until a person undoes it: the healer does not know of it.");
  }
  return receipt.result == ActionResult::kDone     ? 0
         : receipt.result == ActionResult::kFailed ? 1
                                                   : 2;
}

int Act(const HealingConfig& config, const std::string& name, const std::string& target,
        bool dry_run, const Clock& clock) {
  const Result<Executor*> executor = FindExecutor(config, name);
  if (!executor) return Complain(executor.error());
  const Result<Labels> labels = ParseTargetText(target);
  if (!labels) return Complain(Error{labels.error().code, "--" + labels.error().message});
  if (auto status = CheckGuards(config, *labels); !status) return Complain(status.error());
  const Action action = ActionFor(name, config, *labels, clock);
  if (auto status = (*executor)->Check(action); !status) return Complain(status.error());
  const Duration timeout = TimeoutOf(config.policies, name);
  if (!dry_run) return CarryOut(**executor, action, timeout);
  const Result<std::string> text = (*executor)->Rehearse(action, timeout);
  if (!text) return Complain(text.error());
  fmt::print("{}\n", *text);
  return 0;
}

// "policy 'crash' (auto)": the policies that have the action on their ladder.
std::string UsedBy(const HealingConfig& config, const std::string& action) {
  std::string text;
  for (const Policy& policy : config.policies.policies) {
    for (const Rung& rung : policy.ladder) {
      if (rung.action != action) continue;
      text +=
          fmt::format("{}'{}' ({})", text.empty() ? "" : ", ", policy.name, ToString(policy.mode));
    }
  }
  return text.empty() ? "no policy" : text;
}

}  // namespace

int RunAct(int argc, const char* const* argv) {
  std::string action;
  std::string target;
  bool dry_run = false;
  const std::vector<ExtraFlag> flags = {
      {.name = "action",
       .help = "The name of an action, below `actions` of the configuration.",
       .value = &action,
       .placeholder = "NAME"},
      {.name = "target",
       .help = "The target: labels as an alert has them, such as service=orders.",
       .value = &target,
       .placeholder = "LABELS"},
      {.name = "dry-run", .help = "Only say what the action would do.", .given = &dry_run}};
  const auto parsed =
      ParseFlags(Describe("healing_webhook act",
                          "Carries out one configured action. It has the guards of the healer:\n"
                          "protected targets, opt-in labels, limits. It does not check budgets\n"
                          "and cooldowns, which only a running healer knows"),
                 flags, argc, argv);
  if (!parsed) return Complain(parsed.error());
  if (parsed->exit_now) return 0;
  const SystemClock clock;
  const auto config = LoadConfig(parsed->flags.config_file, clock,
                                 {.prometheus_url = parsed->flags.prometheus_url});
  if (!config) return Complain(config.error());
  return Act(**config, action, target, dry_run, clock);
}

int RunExecutors(int argc, const char* const* argv) {
  const auto parsed = ParseFlags(
      Describe("healing_webhook executors",
               "Lists the configured actions, their executors, and whether these answer"),
      {}, argc, argv);
  if (!parsed) return Complain(parsed.error());
  if (parsed->exit_now) return 0;
  const SystemClock clock;
  const auto config = LoadConfig(parsed->flags.config_file, clock,
                                 {.prometheus_url = parsed->flags.prometheus_url});
  if (!config) return Complain(config.error());
  bool all_answer = true;
  for (const auto& [name, executor] : (*config)->executors) {
    const Result<std::string> probed = executor->Probe(kAsking);
    all_answer = all_answer && probed.has_value();
    fmt::print("{}\n  does     {}\n  for      {}\n  {} {}\n", name, executor->description(),
               UsedBy(**config, name), probed ? "answers " : "SILENT  ",
               probed ? *probed : probed.error().message);
  }
  return all_answer ? 0 : 1;
}

int RunActions(int argc, const char* const* argv) {
  const auto parsed = ParseFlags({.name = "healing_webhook actions",
                                  .summary = "Everything that executors can do, in Markdown",
                                  .default_config_file = "",
                                  .default_listen_address = "",
                                  .has_configuration = false,
                                  .serves_http = false},
                                 {}, argc, argv);
  if (!parsed) return Complain(parsed.error());
  if (!parsed->exit_now) fmt::print("{}", ActionReference());
  return 0;
}

}  // namespace promheal::healing
