#include "webhook/executors/swarm/swarm_service.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "common/io/utf8.h"

namespace promheal::healing {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kReplicas = " replicas";
constexpr std::string_view kBy = " by ";
constexpr const char* kScaledLabel = "promheal.scaled";
constexpr const char* kRestartedLabel = "promheal.restarted";
constexpr size_t kMostCharacters = 200;

std::string TextAt(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : "";
}

// Throws as the JSON library does if the answer is not a service.
SwarmService ServiceOf(const Json& json) {
  const Json& spec = json.at("Spec");
  SwarmService service{.id = json.at("ID").get<std::string>(),
                       .name = spec.at("Name").get<std::string>(),
                       .version = json.at("Version").at("Index").get<int64_t>()};
  if (spec.contains("Labels") && spec["Labels"].is_object()) {
    for (const auto& [name, value] : spec["Labels"].items()) {
      service.labels[name] = value.get<std::string>();
    }
  }
  spec.at("TaskTemplate").get_ref<const Json::object_t&>();  // SpecRestarted writes to it.
  const Json& mode = spec.at("Mode");
  if (!mode.empty()) service.mode = mode.begin().key();
  if (service.mode == "Replicated") {
    service.replicas = mode["Replicated"].at("Replicas").get<int64_t>();
  }
  if (json.contains("UpdateStatus") && json["UpdateStatus"].is_object()) {
    service.update_state = TextAt(json["UpdateStatus"], "State");
    service.update_message = FirstWords(TextAt(json["UpdateStatus"], "Message"), kMostCharacters);
  }
  service.spec = spec.dump();
  return service;
}

SwarmTasks TasksOf(const Json& json) {
  const auto& list = json.get_ref<const Json::array_t&>();
  SwarmTasks tasks{.wanted = static_cast<int64_t>(list.size())};
  for (const Json& task : list) {
    const Json& status = task.at("Status");
    const std::string state = TextAt(status, "State");
    if (state == "running") {
      ++tasks.running;
    } else if (const std::string error = TextAt(status, "Err"); !error.empty()) {
      tasks.trouble = FirstWords(state + ": " + error, kMostCharacters);
    }
  }
  return tasks;
}

// The result of `read` for the text; kDataLoss if it throws.
template <typename Read>
auto Parsed(std::string_view text, std::string_view what, const Read& read)
    -> Result<decltype(read(Json()))> {
  try {
    return read(Json::parse(text));
  } catch (const Json::exception&) {
    return Fail(ErrorCode::kDataLoss, fmt::format("the engine's answer is not {}", what));
  }
}

// People can write our labels, too, and their texts are shown on terminals.
bool IsPlainText(std::string_view text) {
  return text.size() <= kMostCharacters &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

void SetLabel(Json& spec, const char* label, const std::string& value) {
  if (!spec["Labels"].is_object()) spec["Labels"] = Json::object();
  if (value.empty()) {
    spec["Labels"].erase(label);
  } else {
    spec["Labels"][label] = value;
  }
}

// A 404 may also come from a proxy before the engine, and then says nothing about the service.
bool IsSaidBySwarm(const Error& error, const std::string& name) {
  return error.message.find("service " + name + " not found") != std::string::npos;
}

}  // namespace

std::string ToString(const Replicas& replicas) {
  std::string text = fmt::format("{}{}", replicas.number, kReplicas);
  if (!replicas.by.empty()) text += fmt::format("{}{}", kBy, replicas.by);
  return text;
}

Result<Replicas> ParseReplicas(std::string_view text) {
  Replicas replicas;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, replicas.number);
  std::string_view after(rest, static_cast<size_t>(end - rest));
  const bool counted = error == std::errc() && replicas.number >= 0 && after.starts_with(kReplicas);
  if (counted) after.remove_prefix(kReplicas.size());
  if (counted && after.starts_with(kBy) && IsPlainText(after)) {
    replicas.by = after.substr(kBy.size());
    after = {};
  }
  // Reject any text that ToString would not produce.
  if (counted && after.empty() && ToString(replicas) == text) return replicas;
  return Fail(ErrorCode::kInvalidArgument,
              fmt::format("'{}' is not a number of replicas", FirstWords(text, 40)));
}

std::string_view SwarmService::Label(std::string_view label) const {
  const auto found = labels.find(std::string(label));
  return found == labels.end() ? std::string_view() : std::string_view(found->second);
}

Result<SwarmService> ParseSwarmService(std::string_view json) {
  return Parsed(json, "a service", ServiceOf);
}

Result<std::vector<SwarmService>> ParseSwarmServices(std::string_view json) {
  return Parsed(json, "a list of services", [](const Json& list) {
    std::vector<SwarmService> services;
    for (const Json& service : list.get_ref<const Json::array_t&>())
      services.push_back(ServiceOf(service));
    return services;
  });
}

Replicas ReplicasOf(const SwarmService& service) {
  const Result<Replicas> ours = ParseReplicas(service.Label(kScaledLabel));
  const int64_t number = service.replicas.value_or(0);
  if (ours && ours->number == number) return *ours;
  return {.number = number, .by = ""};
}

std::string SpecWithReplicas(const SwarmService& service, const Replicas& replicas) {
  Json spec = Json::parse(service.spec);
  spec["Mode"]["Replicated"]["Replicas"] = replicas.number;
  SetLabel(spec, kScaledLabel, replicas.by.empty() ? "" : ToString(replicas));
  return spec.dump();
}

std::string SpecRestarted(const SwarmService& service, const std::string& intent) {
  Json spec = Json::parse(service.spec);
  Json& task = spec["TaskTemplate"];
  const auto before = task.find("ForceUpdate");
  const bool counted = before != task.end() && before->is_number_unsigned();
  task["ForceUpdate"] = (counted ? before->get<uint64_t>() : 0) + 1;
  SetLabel(spec, kRestartedLabel, intent);
  return spec.dump();
}

std::string_view RestartedBy(const SwarmService& service) { return service.Label(kRestartedLabel); }

Result<SwarmTasks> ParseSwarmTasks(std::string_view json) {
  return Parsed(json, "a list of tasks", TasksOf);
}

Result<SwarmService> ReadService(EngineSession& session, const std::string& name) {
  const Result<std::string> text = session.Ask({.path = {"services", name}});
  if (!text && text.error().code == ErrorCode::kNotFound && !IsSaidBySwarm(text.error(), name)) {
    return Fail(ErrorCode::kUnavailable, text.error().message);
  }
  if (!text) return tl::make_unexpected(text.error());
  Result<SwarmService> service = ParseSwarmService(*text);
  // The engine also finds a service by the beginning of its id.
  if (service && service->name != name) return Fail(ErrorCode::kNotFound, "no service " + name);
  return service;
}

Result<std::vector<SwarmService>> ReadServices(EngineSession& session,
                                               const LabelSelection& selection) {
  const Result<std::string> text =
      session.Ask({.path = {"services"}, .query = {{"filters", FilterJson(selection)}}});
  if (!text) return tl::make_unexpected(text.error());
  return ParseSwarmServices(*text);
}

Result<SwarmTasks> ReadTasks(EngineSession& session, const SwarmService& service) {
  const Json filters = {{"service", {service.id}}, {"desired-state", {"running"}}};
  const Result<std::string> text =
      session.Ask({.path = {"tasks"}, .query = {{"filters", filters.dump()}}});
  if (!text) return tl::make_unexpected(text.error());
  return ParseSwarmTasks(*text);
}

Status WriteService(EngineSession& session, const SwarmService& service, const std::string& spec) {
  const Result<std::string> updated =
      session.Change({.path = {"services", service.id, "update"},
                      .query = {{"version", std::to_string(service.version)}},
                      .body = spec});
  if (updated) return {};
  // Engines report this with status 500.
  if (updated.error().message.find("update out of sequence") != std::string::npos) {
    return Fail(ErrorCode::kFailedPrecondition, "the service was changed meanwhile");
  }
  return tl::make_unexpected(updated.error());
}

}  // namespace promheal::healing
