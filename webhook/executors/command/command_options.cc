#include <fmt/core.h>

#include "common/io/yaml/yaml_schema.h"
#include "webhook/executors/command/command_executor.h"

namespace promheal::healing {
namespace {

ArgumentTemplates ReadArguments(YamlMap& map) {
  std::vector<std::string> texts;
  map.Read("argv", &texts);
  if (texts.empty()) {
    map.AddError(map.MarkOf("argv"),
                 "argv: expected the program and its arguments, such as [systemctl, restart, "
                 "\"{service}\"]");
  }
  ArgumentTemplates templates;
  for (const std::string& text : texts) templates.emplace_back(text);
  if (!templates.empty() && !templates[0].names().empty()) {
    map.AddError(map.MarkOf("argv"), "argv: the program itself must not come from a label");
  }
  return templates;
}

}  // namespace

CommandOptions ReadCommandOptions(YamlMap& map) {
  CommandOptions options;
  options.command = ReadArguments(map);
  std::vector<std::pair<std::string, std::string>> environment;
  map.Read("environment", &environment);
  for (auto& [name, value] : environment) {
    if (name == "PATH") options.environment.clear();
  }
  for (auto& variable : environment) options.environment.push_back(std::move(variable));
  map.ReadMap("observe", [&](YamlMap& observe) {
    size_t by = 0;
    observe.ReadEnum("tells_by", {"exit_status", "start_time"}, &by);
    options.observe_by = by == 0 ? ObserveBy::kExitStatus : ObserveBy::kStartTime;
    options.observe = ReadArguments(observe);
    observe.Read("timeout", &options.observe_timeout, {.min = Duration(100)});
  });
  return options;
}

}  // namespace promheal::healing
