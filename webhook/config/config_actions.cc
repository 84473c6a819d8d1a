#include "webhook/config/config_actions.h"

#include <fmt/core.h>

#include "webhook/config/limits.h"
#include "webhook/plugins/executor_table.h"

namespace promheal::healing {
namespace {

// Reads the executor, which stands below the name of its kind.
void ReadExecutor(const std::string& name, YamlMap& map, const Clock& clock,
                  HealingConfig& config) {
  std::string known;
  for (const ExecutorKind& kind : ExecutorKinds()) {
    known += (known.empty() ? "" : ", ") + std::string(kind.key);
    map.ReadMap(kind.key, [&](YamlMap& below) {
      if (config.executors.contains(name)) {
        below.AddError(below.mark(), name + ": expected one executor, there are several");
      }
      config.executors[name] = kind.read(below, clock);
    });
  }
  if (!config.executors.contains(name)) {
    map.AddError(map.mark(), fmt::format("{}: expected one of: {}", name, known));
    config.executors[name] = nullptr;  // A ladder that names it is no further error.
  }
}

KnownAction Describe(Executor* executor) {
  if (executor == nullptr) return {};
  const OverrideExecutor* held = AsOverrideExecutor(*executor);
  return {held != nullptr ? std::optional(held->traits()) : std::nullopt,
          std::string(executor->not_undone())};
}

}  // namespace

KnownActions ReadActions(YamlMap& root, const Clock& clock, HealingConfig& config,
                         ConfigPlaces& places) {
  root.ReadNamedMaps("actions", [&](const std::string& name, YamlMap& map) {
    places.actions[name] = map.mark();
    Duration timeout = std::chrono::seconds(30);
    map.Read("timeout", &timeout, {.min = kLeastInterval, .max = std::chrono::hours(1)});
    config.policies.action_timeouts[name] = timeout;
    ReadExecutor(name, map, clock, config);
  });
  KnownActions actions;
  for (const auto& [name, executor] : config.executors) actions[name] = Describe(executor.get());
  return actions;
}

void WriteActions(const HealingConfig& config, YamlWriter& writer) {
  writer.Map("actions", [&] {
    for (const auto& [name, executor] : config.executors) {
      writer.Map(name, [&, &executor = *executor, &name = name] {
        writer.Value("timeout", TimeoutOf(config.policies, name));
        writer.Value("does", executor.description());
      });
    }
  });
}

}  // namespace promheal::healing
