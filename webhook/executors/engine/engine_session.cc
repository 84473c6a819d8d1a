#include "webhook/executors/engine/engine_session.h"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace promheal::healing {
namespace {

using Json = nlohmann::json;

constexpr size_t kMostContainers = 200;
constexpr Duration kBit{200};

ErrorCode CodeOf(int status) {
  switch (status) {
    case 400:
      return ErrorCode::kInvalidArgument;
    case 401:
    case 403:
      return ErrorCode::kPermissionDenied;
    case 404:
      return ErrorCode::kNotFound;
    case 409:
      return ErrorCode::kFailedPrecondition;
    case 429:
    case 502:
    case 503:
      return ErrorCode::kUnavailable;
    default:
      return ErrorCode::kInternal;
  }
}

Result<std::string> BodyOf(EngineAnswer answer) {
  constexpr int kNotModified = 304;  // It is already in that state.
  if ((answer.status >= 200 && answer.status < 300) || answer.status == kNotModified) {
    return std::move(answer.body);
  }
  return Fail(CodeOf(answer.status),
              fmt::format("the engine answers {}: {}", answer.status, EngineMessage(answer.body)));
}

bool HasAll(const Container& container, const LabelSelection& selection) {
  return std::all_of(selection.begin(), selection.end(),
                     [&](const auto& label) { return container.Has(label.first, label.second); });
}

std::string Seconds(Duration duration) {
  return std::to_string(std::chrono::ceil<std::chrono::seconds>(duration).count());
}

Status Done(const Result<std::string>& body) {
  if (!body) return tl::make_unexpected(body.error());
  return {};
}

}  // namespace

std::string FilterJson(const LabelSelection& selection) {
  Json labels = Json::array();
  for (const auto& [name, value] : selection) labels.push_back(name + '=' + value);
  return Json{{"label", labels}}.dump();
}

tl::unexpected<Error> WithEngineName(const EngineOptions& options, const Error& error) {
  return Prefixed("asking the engine at " + options.socket, error);
}

Result<std::string> DescribeEngine(EngineApi& api, const EngineOptions& options,
                                   Duration deadline) {
  const Result<EngineVersion> version = api.Version(std::min(deadline, options.timeout));
  if (!version) return WithEngineName(options, version.error());
  const Result<std::string> chosen = ChooseApiVersion(*version);
  if (!chosen) return WithEngineName(options, chosen.error());
  return fmt::format("Docker {}, API {}, at {}", version->engine, *chosen, options.socket);
}

Result<std::vector<Container>> EngineSession::Containers(const LabelSelection& selection) {
  const Result<std::string> listed =
      Ask({.path = {"containers", "json"},
           .query = {{"all", "true"}, {"filters", FilterJson(selection)}}});
  if (!listed) return tl::make_unexpected(listed.error());
  const Result<std::vector<std::string>> ids = ParseContainerIds(*listed);
  if (!ids) return tl::make_unexpected(ids.error());
  if (ids->size() > kMostContainers) {
    return Fail(ErrorCode::kFailedPrecondition,
                fmt::format("{} containers match: too many for one target", ids->size()));
  }
  std::vector<Container> containers;
  for (const std::string& id : *ids) {
    Result<Container> container = Inspect(id);
    if (!container && container.error().code == ErrorCode::kNotFound)
      continue;  // Removed meanwhile.
    if (!container) return tl::make_unexpected(container.error());
    // An engine, or a proxy in front of it, may ignore the filter.
    if (HasAll(*container, selection)) containers.push_back(std::move(*container));
  }
  std::sort(containers.begin(), containers.end(),
            [](const Container& a, const Container& b) { return a.name < b.name; });
  return containers;
}

Result<Container> EngineSession::Inspect(const std::string& name) {
  const Result<std::string> text = InspectText(name);
  if (!text) return tl::make_unexpected(text.error());
  return ParseContainer(*text);
}

Result<std::string> EngineSession::InspectText(const std::string& name) {
  return Ask({.path = {"containers", name, "json"}});
}

Result<bool> EngineSession::RemovedSince(const LabelSelection& selection, Time since) {
  Json filters = Json::parse(FilterJson(selection));
  filters["type"] = {"container"};
  filters["event"] = {"destroy"};
  const auto seconds = [](Time time) { return fmt::format("{:.3f}", ToUnixSeconds(time)); };
  const Result<std::string> events = Ask({.path = {"events"},
                                          .query = {{"since", seconds(since)},
                                                    {"until", seconds(clock_.Now())},
                                                    {"filters", filters.dump()}}});
  if (!events) return tl::make_unexpected(events.error());
  return events->find('{') != std::string::npos;
}

Status EngineSession::Restart(const std::string& id, Duration grace) {
  return ChangeContainer(id, "restart", {{"t", Seconds(grace)}});
}

Status EngineSession::Start(const std::string& id) { return ChangeContainer(id, "start"); }

Status EngineSession::Stop(const std::string& id, Duration grace) {
  return ChangeContainer(id, "stop", {{"t", Seconds(grace)}});
}

Status EngineSession::Pause(const std::string& id) { return ChangeContainer(id, "pause"); }

Status EngineSession::Unpause(const std::string& id) { return ChangeContainer(id, "unpause"); }

Status EngineSession::Update(const std::string& id, const std::string& body) {
  return Done(Change({.path = {"containers", id, "update"}, .query = {}, .body = body}));
}

Result<std::string> EngineSession::Create(const std::string& name, const std::string& body) {
  const Result<std::string> created =
      Change({.path = {"containers", "create"}, .query = {{"name", name}}, .body = body});
  if (!created) return created;
  return ParseCreated(*created);
}

Status EngineSession::Connect(const std::string& network, const std::string& body) {
  return Done(Change({.path = {"networks", network, "connect"}, .query = {}, .body = body}));
}

Status EngineSession::Remove(const std::string& id) {
  return Done(Change({.method = "DELETE", .path = {"containers", id}, .query = {{"v", "true"}}}));
}

bool EngineSession::WaitABit() {
  if (hangs_ || TimeLeft() <= kBit) return false;
  api_.Pause(kBit);
  return true;
}

Result<std::string> EngineSession::Ask(const EngineRequest& request) {
  const Duration time = std::min(TimeLeft(), limits_.per_question);
  if (hangs_ || time <= Duration(0)) {
    return Fail(ErrorCode::kUnavailable, "not asked: no time is left");
  }
  Result<EngineAnswer> answer = api_.Send(request, time);
  if (answer) return BodyOf(std::move(*answer));
  hangs_ = answer.error().code == ErrorCode::kTimeout;
  return tl::make_unexpected(answer.error());
}

Result<std::string> EngineSession::Change(EngineRequest request) {
  if (request.method == "GET") request.method = "POST";
  if (hangs_ || TimeLeft() <= Duration(0)) {
    return Fail(ErrorCode::kUnavailable, "not asked: no time is left");
  }
  Result<EngineAnswer> answer = api_.Send(request, TimeLeft());
  if (!answer) return tl::make_unexpected(answer.error());
  return BodyOf(std::move(*answer));
}

Status EngineSession::ChangeContainer(const std::string& id, const std::string& verb,
                                      std::vector<std::pair<std::string, std::string>> query) {
  return Done(Change({.path = {"containers", id, verb}, .query = std::move(query), .body = ""}));
}

}  // namespace promheal::healing
