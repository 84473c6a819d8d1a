#include "webhook/executors/haproxy/haproxy_options.h"

#include <fmt/format.h>

#include "common/io/yaml/yaml_schema.h"
#include "webhook/core/override/override.h"
#include "webhook/executors/option_readers.h"

namespace promheal::healing {
namespace {

constexpr int kMostConnections = 1'000'000;

void ReadSockets(YamlMap& map, HaproxyOptions& options) {
  map.Read("sockets", &options.sockets);
  if (options.sockets.empty()) {
    map.AddError(map.MarkOf("sockets"),
                 "sockets: expected paths of HAProxy admin sockets, such as "
                 "[/run/haproxy/admin.sock]");
  }
  for (size_t i = 0; i < options.sockets.size(); ++i) {
    const std::string& socket = options.sockets[i];
    CheckSocketPath(map, "sockets", socket);
    for (size_t j = 0; j < i; ++j) {
      if (options.sockets[j] == socket) {
        map.AddError(map.MarkOf("sockets"), "sockets: a path is listed twice");
      }
    }
  }
}

// Whether the template makes a valid word from a valid label value.
Status CheckTemplate(std::string_view what, const LabelTemplate& value) {
  Labels labels;
  for (const std::string& name : value.names()) labels.Set(name, "x");
  const auto as_is = [](std::string_view, std::string_view text) -> Result<std::string> {
    return std::string(text);
  };
  const Result<std::string> rendered = value.Render(labels, as_is);
  if (!rendered) return tl::make_unexpected(rendered.error());
  return CheckWord(what, *rendered);
}

void ReadTemplate(YamlMap& map, std::string_view key, LabelTemplate& value) {
  std::string text;
  if (!map.Read(key, &text)) return;
  value = LabelTemplate(text);
  if (auto status = CheckTemplate(key, value); !status) {
    map.AddError(map.MarkOf(key), fmt::format("{}: {}", key, status.error().message));
  }
}

// Reads only keys that this operation uses: Finish reports all others as unknown.
void ReadDegree(YamlMap& map, HaproxyOptions& options) {
  const HaproxyOperationInfo& info = InfoOf(options.operation);
  if (info.has_percent) {
    const bool read = map.Read("percent", &options.percent, {.min = 1, .max = 100});
    if (!read && options.operation != HaproxyOperation::kBreaker && !map.Has("percent")) {
      map.AddError(map.mark(), "percent: missing: expected the share, 1 to 100");
    }
  }
  if (options.operation == HaproxyOperation::kSetMaxconn) {
    map.Read("maxconn", &options.maxconn, {.min = 1, .max = kMostConnections, .required = true});
  }
}

void ReadRedirect(YamlMap& map, HaproxyOptions& options) {
  ReadTemplate(map, "key", options.key);
  map.Read("map", &options.map, true);
  if (auto status = CheckMapPath(options.map); map.Has("map") && !status) {
    map.AddError(map.MarkOf("map"), "map: " + status.error().message);
  }
  map.Read("fallback", &options.fallback, true);
  if (auto status = CheckWord("fallback", options.fallback); map.Has("fallback") && !status) {
    map.AddError(map.MarkOf("fallback"), "fallback: " + status.error().message);
  }
  if (options.fallback == kNoOverride) {
    map.AddError(map.MarkOf("fallback"), "fallback: no backend may be called 'none'");
  }
}

// An address without labels is checked now; an address from a label when the action is planned.
void ReadAddress(YamlMap& map, HaproxyOptions& options) {
  std::string text;
  if (!map.Read("address", &text, true)) return;
  options.address = LabelTemplate(text);
  const bool literal = options.address.names().empty();
  if (auto status = CheckEndpoint(text); literal && !status) {
    map.AddError(map.MarkOf("address"), "address: " + status.error().message);
  }
}

void ReadPlace(YamlMap& map, HaproxyOptions& options) {
  const HaproxyOperationInfo& info = InfoOf(options.operation);
  if (info.kind == SettingKind::kRedirect) return ReadRedirect(map, options);
  if (LivesInTable(info.kind)) {
    ReadTemplate(map, "key", options.key);
    map.Read("table", &options.table);
    map.Read("expires_after", &options.expires_after,
             {.min = std::chrono::seconds(1), .max = std::chrono::minutes(5)});
    if (auto status = CheckWord("table", options.TableName()); !status) {
      map.AddError(map.MarkOf("table"), "table: " + status.error().message);
    }
    return;
  }
  ReadTemplate(map, "backend", options.backend);
  if (!info.chooses_slot) ReadTemplate(map, "server", options.server);
  if (options.operation == HaproxyOperation::kAddServer) ReadAddress(map, options);
  map.Read("min_active", &options.min_active, {.min = 0, .max = 1000});
}

// Unknown operation: accept the keys of any operation, but still report bad values.
void ReadKeysOfAnyOperation(YamlMap& map) {
  HaproxyOptions options;
  map.Read("percent", &options.percent, {.min = 1, .max = 100});
  map.Read("maxconn", &options.maxconn, {.min = 1, .max = kMostConnections});
  for (const HaproxyOperation operation : {HaproxyOperation::kThrottle, HaproxyOperation::kDrain}) {
    options.operation = operation;
    ReadPlace(map, options);
  }
}

}  // namespace

const std::string& HaproxyOptions::TableName() const {
  static const std::string kShed = "override_shed";
  static const std::string kBreaker = "override_breaker";
  if (operation == HaproxyOperation::kRedirect) return map;
  if (!table.empty()) return table;
  return operation == HaproxyOperation::kBreaker ? kBreaker : kShed;
}

HaproxyOptions ReadHaproxyOptions(YamlMap& map) {
  HaproxyOptions options;
  ReadSockets(map, options);
  if (ReadOperation(map, HaproxyOperations(), options.operation)) {
    ReadDegree(map, options);
    ReadPlace(map, options);
  } else {
    ReadKeysOfAnyOperation(map);
  }
  map.Read("timeout", &options.timeout, {.min = Duration(50), .max = std::chrono::seconds(30)});
  return options;
}

std::string ToString(const HaproxyOptions& options) {
  const HaproxyOperationInfo& info = InfoOf(options.operation);
  std::string text(info.name);
  if (info.has_percent) text += fmt::format(" {}%", options.percent);
  if (options.operation == HaproxyOperation::kSetMaxconn)
    text += fmt::format(" {}", options.maxconn);
  if (LivesInTable(info.kind)) return text + " of " + options.key.text();
  if (HasKey(info.kind)) return text + " of " + options.key.text() + " to " + options.fallback;
  text += " of " + options.backend.text();
  if (info.chooses_slot) return text;
  text += '/' + options.server.text();
  return options.operation == HaproxyOperation::kAddServer ? text + " at " + options.address.text()
                                                           : text;
}

}  // namespace promheal::healing
