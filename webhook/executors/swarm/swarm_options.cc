#include "webhook/executors/swarm/swarm_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "common/io/utf8.h"
#include "common/io/yaml/yaml_schema.h"

namespace promheal::healing {
namespace {

constexpr size_t kMostCharacters = 80;

bool IsLetterOrDigit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool IsAllowed(char c) { return IsLetterOrDigit(c) || c == '_' || c == '.' || c == '-'; }

void ReadService(YamlMap& map, SwarmOptions& options) {
  std::string service;
  if (!map.Read("service", &service, true)) return;
  options.service = LabelTemplate(service);
  if (options.service.names().empty()) {
    map.AddError(map.MarkOf("service"),
                 "service: expected a name with a place for a label of the target, such as "
                 "shop_{service}");
  }
}

}  // namespace

SwarmOptions ReadSwarmOptions(YamlMap& map) {
  SwarmOptions options;
  ReadEngineOptions(map, options);
  ReadService(map, options);
  // Unknown operation: accept the keys of any operation.
  const bool known = ReadOperation(map, SwarmOperations(), options.operation);
  if (!known || options.operation == SwarmOperation::kScaleOut) {
    map.Read("most", &options.most, {.min = 2, .max = 1000});
  }
  if (!known || options.operation == SwarmOperation::kScaleIn) {
    map.Read("least", &options.least, {.min = 1, .max = 1000});
  }
  return options;
}

Result<std::string> ServiceName(const SwarmOptions& options, const Labels& labels) {
  const auto as_it_is = [](std::string_view, std::string_view value) -> Result<std::string> {
    return std::string(value);
  };
  Result<std::string> name = options.service.Render(labels, as_it_is);
  if (!name) return name;
  if (auto status = CheckServiceName(*name); !status) return tl::make_unexpected(status.error());
  return name;
}

Status CheckServiceName(std::string_view name) {
  if (!name.empty() && IsLetterOrDigit(name.front()) &&
      std::all_of(name.begin(), name.end(), IsAllowed)) {
    return {};
  }
  return Fail(ErrorCode::kInvalidArgument,
              fmt::format("'{}' is not the name of a service", FirstWords(name, kMostCharacters)));
}

std::string ToString(const SwarmOptions& options) {
  return fmt::format("{} service {}", InfoOf(options.operation).name, options.service.text());
}

}  // namespace promheal::healing
