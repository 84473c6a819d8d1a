#include "webhook/cli/action_reference.h"

#include <fmt/core.h>

#include "webhook/plugins/executor_table.h"

namespace promheal::healing {
std::string ActionReference() {
  std::string text =
      "# Actions\n\n"
      "The operations of each executor, the least disruptive first. Written by\n"
      "`healing_webhook actions`. [Configuration](configuration/webhook.md#action) says how to\n"
      "configure them. Try one with\n"
      "`healing_webhook act --action NAME --target service=NAME --dry-run`.\n"
      "`healing_webhook executors` asks whether the gateways and engines can be reached.\n";
  for (const ExecutorKind& kind : ExecutorKinds()) {
    text += fmt::format("\n## {}\n\nIt {}.\n\n{}", kind.key, kind.summary, kind.reference());
  }
  return text;
}

}  // namespace promheal::healing
