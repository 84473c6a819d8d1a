#include "webhook/cli/action_reference.h"

#include <fmt/core.h>

#include "webhook/executors/docker/docker_operation.h"
#include "webhook/executors/haproxy/operation.h"
#include "webhook/executors/swarm/swarm_operation.h"
#include "webhook/plugins/executor_table.h"

namespace promheal::healing {
namespace {

constexpr std::string_view kHead =
    "| `operation` | Changes | Done again | Undo | Stays in force | Needs |\n"
    "|---|---|---|---|---|---|\n";

std::string Row(std::string_view name, std::string_view changes, std::string_view repeated,
                std::string_view undo, std::string_view stays, std::string_view needs) {
  return fmt::format("| `{}` | {} | {} | {} | {} | {} |\n", name, changes, repeated, undo, stays,
                     needs);
}

std::string HaproxyTable() {
  std::string text(kHead);
  for (const OperationInfo& info : Operations()) {
    const bool expires = LivesInTable(info.kind);
    text += Row(info.name, info.changes, info.repeated, info.undo,
                expires            ? "until it expires, unless renewed"
                : info.has_percent ? "until undone or reloaded; in degrees"
                                   : "until undone or reloaded",
                info.needs);
  }
  return text;
}

template <typename Info>
std::string EngineTable(const std::vector<Info>& operations) {
  std::string text(kHead);
  for (const Info& info : operations) {
    text += Row(info.name, info.changes, info.repeated, info.undo,
                info.stays ? "until undone" : "no, it happens", info.needs);
  }
  return text;
}

std::string TableOf(std::string_view executor) {
  if (executor == "haproxy") return HaproxyTable();
  if (executor == "docker") return EngineTable(DockerOperations());
  if (executor == "swarm") return EngineTable(SwarmOperations());
  return "What it changes is the program's own affair: it must be safe to repeat, and an "
         "`observe`\n"
         "command tells whether it has taken place. It has no undo; what should be taken back is "
         "better\n"
         "left to another executor.\n";
}

}  // namespace

std::string ActionReference() {
  std::string text =
      "# Actions\n\n"
      "What executors can do, the least disruptive first. Written by `healing_webhook actions`; "
      "how\n"
      "they are configured is in [CONFIGURATION.md](../CONFIGURATION.md#action). Try one with\n"
      "`healing_webhook act --action NAME --target service=NAME --dry-run`; `healing_webhook "
      "executors`\n"
      "says whether those who carry them out can be reached.\n";
  for (const ExecutorKind& kind : ExecutorKinds()) {
    text += fmt::format("\n## {}\n\nIt {}.\n\n{}", kind.key, kind.summary, TableOf(kind.key));
  }
  return text;
}

}  // namespace promheal::healing
