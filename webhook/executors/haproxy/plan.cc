#include "webhook/executors/haproxy/plan.h"

#include <fmt/core.h>

#include <algorithm>

#include "webhook/core/override/override.h"

namespace promheal::healing {
namespace {

Result<std::string> RenderWord(std::string_view what, const LabelTemplate& pattern,
                               const Labels& labels) {
  const auto checked = [](std::string_view name, std::string_view value) -> Result<std::string> {
    if (auto status = CheckWord(fmt::format("value of label '{}'", name), value); !status) {
      return tl::make_unexpected(status.error());
    }
    return std::string(value);
  };
  Result<std::string> word = pattern.Render(labels, checked);
  if (!word) return word;
  if (auto status = CheckWord(what, *word); !status) return tl::make_unexpected(status.error());
  return word;
}

bool IsIdleSpare(const ServerState& server) {
  return IsSpare(server) && StateOf(server) == SlotState::kMaint;
}

bool IsSpareInService(const ServerState& server) {
  return IsSpare(server) && StateOf(server) != SlotState::kMaint;
}

bool AnyView(const BackendViews& views, const ServerName& name, bool (*holds)(const ServerState&)) {
  return std::any_of(views.begin(), views.end(), [&](const std::vector<ServerState>& view) {
    const ServerState* server = FindServer(view, name);
    return server != nullptr && holds(*server);
  });
}

}  // namespace

Result<std::string> SubjectOf(const HaproxyOptions& options, const Labels& labels) {
  const HaproxyOperationInfo& info = InfoOf(options.operation);
  if (HasKey(info.kind)) return RenderWord("key", options.key, labels);
  Result<std::string> backend = RenderWord("backend", options.backend, labels);
  if (!backend || info.chooses_slot) return backend;
  Result<std::string> server = RenderWord("server", options.server, labels);
  if (!server) return server;
  const std::string name = ToString(ServerName{*backend, *server});
  if (options.operation != HaproxyOperation::kAddServer) return name;
  const Result<std::string> address = RenderWord("address", options.address, labels);
  if (!address) return address;
  if (auto status = CheckEndpoint(*address); !status) return tl::make_unexpected(status.error());
  return name + '@' + *address;
}

Setting SettingOf(const HaproxyOptions& options, std::string subject) {
  return {.kind = InfoOf(options.operation).kind,
          .table = options.TableName(),
          .subject = std::move(subject)};
}

Result<std::string> WantedValue(const HaproxyOptions& options, int percent, int initial_weight) {
  switch (options.operation) {
    case HaproxyOperation::kThrottle:
    case HaproxyOperation::kBreaker:
      return ShareText(InfoOf(options.operation).kind, percent);
    case HaproxyOperation::kDrain:
      return std::string(ToString(SlotState::kDrain));
    case HaproxyOperation::kMaint:
    case HaproxyOperation::kScaleIn:
      return std::string(ToString(SlotState::kMaint));
    case HaproxyOperation::kReady:
    case HaproxyOperation::kScaleOut:
      return std::string(ToString(SlotState::kReady));
    case HaproxyOperation::kAddServer:
      return std::string(kMember);
    case HaproxyOperation::kDelServer:
      return std::string(kNoOverride);
    case HaproxyOperation::kRedirect:
      return options.fallback;
    case HaproxyOperation::kSetMaxconn:
      return std::to_string(options.maxconn);
    case HaproxyOperation::kSetWeight:
      break;
  }
  const int weight = (initial_weight * percent + 50) / 100;
  if (weight > 0) return std::to_string(weight);
  return Fail(ErrorCode::kFailedPrecondition,
              fmt::format("{}% of the configured weight {} rounds to 0: configure "
                          "`weight 100`",
                          percent, initial_weight));
}

Result<ServerName> ChooseSpare(const BackendViews& views, const std::string& backend) {
  for (const std::vector<ServerState>& view : views) {
    for (const ServerState& server : view) {
      if (AnyView(views, server.name, IsIdleSpare)) return server.name;
    }
  }
  return Fail(ErrorCode::kFailedPrecondition,
              fmt::format("no spare slot is left in backend {}", backend));
}

Result<ServerName> ChooseSurplus(const BackendViews& views, const std::string& backend) {
  for (const std::vector<ServerState>& view : views) {
    for (auto server = view.rbegin(); server != view.rend(); ++server) {
      if (AnyView(views, server->name, IsSpareInService)) return server->name;
    }
  }
  return Fail(ErrorCode::kFailedPrecondition,
              fmt::format("no spare slot of backend {} is in service", backend));
}

bool SpareChangedSince(const std::vector<ServerState>& servers, bool in_service, Time intended_at,
                       Time now) {
  constexpr Duration kResolution = std::chrono::seconds(1);
  return std::any_of(servers.begin(), servers.end(), [&](const ServerState& server) {
    const bool as_asked = in_service ? IsSpareInService(server) : IsIdleSpare(server);
    return as_asked && now - server.since_change + kResolution > intended_at;
  });
}

Labels LabelsBehind(const LabelTemplate& pattern, const std::string& text) {
  const std::vector<std::string> names = pattern.names();
  if (names.size() != 1) return {};
  const std::string place = '{' + names[0] + '}';
  const size_t at = pattern.text().find(place);
  const std::string before = pattern.text().substr(0, at);
  const std::string after = pattern.text().substr(at + place.size());
  if (text.size() <= before.size() + after.size() || !text.starts_with(before) ||
      !text.ends_with(after)) {
    return {};
  }
  return Labels{{names[0], text.substr(before.size(), text.size() - before.size() - after.size())}};
}

}  // namespace promheal::healing
