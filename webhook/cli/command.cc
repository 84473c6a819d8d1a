#include "webhook/cli/command.h"

#include <fmt/core.h>

#include <cstdio>

#include "webhook/cli/action_commands.h"
#include "webhook/cli/audit_command.h"
#include "webhook/cli/incident_commands.h"
#include "webhook/cli/ledger_commands.h"
#include "webhook/cli/order_commands.h"
#include "webhook/cli/simulate_command.h"

namespace promheal::healing {

const std::vector<Command>& Commands() {
  static const std::vector<Command> commands = {
      {"incidents", "What is wrong, and what came of it: a table.", RunIncidents},
      {"explain", "ID: why an incident went as it did, step by step.", RunExplain},
      {"pause", "No action is started until somebody resumes.", RunPause},
      {"resume", "Ends a pause.", RunResume},
      {"freeze", "No action is started on one target.", RunFreeze},
      {"unfreeze", "Ends a freeze of one target.", RunUnfreeze},
      {"release", "Takes back at once what is held in force.", RunRelease},
      {"false-alarm", "ID: says that nothing was wrong; no more is done about it.", RunFalseAlarm},
      {"act", "Carries out one configured action, or says what it would do.", RunAct},
      {"executors", "Who carries out the configured actions, and whether they answer.",
       RunExecutors},
      {"audit", "Who or what changed what, and when: the trail in the ledger.", RunAudit},
      {"simulate", "What a policy file would have decided, beside another one.", RunSimulate},
      {"ledger", "check, migrate or export: looks after the ledger itself.", RunLedger},
      {"actions", "Everything that executors can do: the reference.", RunActions},
  };
  return commands;
}

std::optional<int> RunCommand(int argc, const char* const* argv) {
  if (argc < 2) return std::nullopt;
  for (const Command& command : Commands()) {
    if (command.name == argv[1]) return command.run(argc - 1, argv + 1);
  }
  if (std::string_view(argv[1]).starts_with("-")) return std::nullopt;
  fmt::print(stderr, "there is no command '{}': expected one of these, or flags only\n{}", argv[1],
             CommandSummaries());
  return 1;
}

std::string CommandSummaries() {
  std::string text;
  for (const Command& command : Commands()) {
    text += fmt::format("  {:<12}{}\n", command.name, command.summary);
  }
  return text;
}

}  // namespace promheal::healing
