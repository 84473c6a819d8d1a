#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/io/clock.h"
#include "webhook/executors/command/argument_template.h"
#include "webhook/executors/command/run_process.h"
#include "webhook/executors/executor.h"

namespace promheal {
class YamlMap;
}

namespace promheal::healing {

// How the `observe` command tells whether the action took place.
enum class ObserveBy {
  kNothing,     // There is no such command: always unknown.
  kExitStatus,  // 0: it did, 1: it did not, any other: unknown.
  kStartTime,   // Its output is a start time; a start after the intent: it did.
};

struct CommandOptions {
  ArgumentTemplates command;
  // The whole environment of the program. The default has only a PATH.
  std::vector<std::pair<std::string, std::string>> environment = {
      {"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}};
  ObserveBy observe_by = ObserveBy::kNothing;
  ArgumentTemplates observe;
  Duration observe_timeout = std::chrono::seconds(10);
};

// Reads the block below `command:` of an action; mistakes become errors of the document.
//   command:
//     argv: [supervisorctl, restart, "{service}:*"]
//     environment: {HOME: /var/lib/promheal}
//     observe: {argv: [started-since, "{service}", "{intent_time}"], tells_by: exit_status}
CommandOptions ReadCommandOptions(YamlMap& map);

// Its section in docs/actions.md.
std::string CommandReference();

// Runs a program. Exit status 0 is done, any other is failed; a program that is still running at
// the deadline is killed, and the result is unknown.
class CommandExecutor final : public Executor {
 public:
  CommandExecutor(CommandOptions options, const Clock& clock)
      : options_(std::move(options)), clock_(clock) {}

  std::string description() const override;
  Status Check(const Action& action) const override;
  Receipt Execute(const Action& action, Duration deadline) override;
  ObservationReport Observe(const Action& action) override;

 private:
  const CommandOptions options_;
  const Clock& clock_;
};

}  // namespace promheal::healing
