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
      {"incidents", "Lists the incidents and their outcomes in a table.", RunIncidents},
      {"explain", "ID: explains an incident step by step.", RunExplain},
      {"pause", "Starts no action until a person resumes.", RunPause},
      {"resume", "Ends a pause.", RunResume},
      {"freeze", "Starts no action on one target for a while.", RunFreeze},
      {"unfreeze", "Ends a freeze of one target.", RunUnfreeze},
      {"release", "Undoes overrides at once.", RunRelease},
      {"false-alarm", "ID: marks an incident as a false alarm; the healer stops acting on it.",
       RunFalseAlarm},
      {"act", "Carries out one configured action, or tells its effect.", RunAct},
      {"executors", "Lists the configured actions, their executors, and whether these answer.",
       RunExecutors},
      {"audit", "Prints the audit trail: who or what changed what, and when.", RunAudit},
      {"simulate", "Replays alerts through a policy file, or compares two files.", RunSimulate},
      {"ledger", "check, migrate or export: maintains the ledger.", RunLedger},
      {"actions", "Prints the reference of all operations of executors.", RunActions},
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
