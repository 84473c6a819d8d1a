#include "webhook/executors/engine/container.h"

#include <nlohmann/json.hpp>

#include "common/io/utf8.h"

namespace promheal::healing {
namespace {

using Json = nlohmann::json;

std::string TextAt(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : "";
}

int64_t NumberAt(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_number_integer() ? found->get<int64_t>() : 0;
}

// The object below `key`; an empty object if there is none.
const Json& MapAt(const Json& json, const char* key) {
  static const Json empty = Json::object();
  const auto found = json.find(key);
  return found != json.end() && found->is_object() ? *found : empty;
}

// The engine writes year 1 for "never".
std::optional<Time> TimeAt(const Json& json, const char* key) {
  const Result<Time> time = ParseRfc3339(TextAt(json, key));
  if (!time || *time <= Time{}) return std::nullopt;
  return *time;
}

void ReadHost(const Json& host, Container& container) {
  container.nano_cpus = NumberAt(host, "NanoCpus");
  container.cpu_quota = NumberAt(host, "CpuQuota");
  container.cpu_period = NumberAt(host, "CpuPeriod");
  container.memory_bytes = NumberAt(host, "Memory");
  container.memory_swap_bytes = NumberAt(host, "MemorySwap");
}

std::optional<Json> ParseJson(std::string_view text) {
  Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return std::nullopt;
  return json;
}

tl::unexpected<Error> NotAn(std::string_view what) {
  return Fail(ErrorCode::kDataLoss, "the engine's answer is not " + std::string(what));
}

}  // namespace

std::string_view Container::Label(std::string_view label) const {
  const auto found = labels.find(std::string(label));
  return found == labels.end() ? std::string_view() : std::string_view(found->second);
}

bool Container::Has(std::string_view label, std::string_view value) const {
  const auto found = labels.find(std::string(label));
  return found != labels.end() && found->second == value;
}

bool Runs(const Container& container) { return container.status == "running"; }

bool IsBroken(const Container& container) {
  return !Runs(container) || container.health == "unhealthy";
}

std::string AddressOf(const Container& container, std::string_view network) {
  for (const ContainerNetwork& known : container.networks) {
    if ((network.empty() || known.name == network) && !known.address.empty()) return known.address;
  }
  return "";
}

Result<Container> ParseContainer(std::string_view text) {
  const std::optional<Json> json = ParseJson(text);
  if (!json || !json->is_object() || TextAt(*json, "Id").empty()) return NotAn("a container");
  Container container{.id = TextAt(*json, "Id"), .name = TextAt(*json, "Name")};
  if (container.name.starts_with('/')) container.name.erase(0, 1);
  for (const auto& [name, value] : MapAt(MapAt(*json, "Config"), "Labels").items()) {
    if (value.is_string()) container.labels[name] = value.get<std::string>();
  }
  const Json& state = MapAt(*json, "State");
  container.status = TextAt(state, "Status");
  container.health = TextAt(MapAt(state, "Health"), "Status");
  if (container.health == "none") container.health.clear();
  container.exit_code = NumberAt(state, "ExitCode");
  container.started_at = TimeAt(state, "StartedAt");
  container.finished_at = TimeAt(state, "FinishedAt");
  for (const auto& [name, network] : MapAt(MapAt(*json, "NetworkSettings"), "Networks").items()) {
    if (!network.is_object()) return NotAn("a container");
    container.networks.push_back({name, TextAt(network, "IPAddress")});
  }
  ReadHost(MapAt(*json, "HostConfig"), container);
  return container;
}

Result<std::vector<std::string>> ParseContainerIds(std::string_view text) {
  const std::optional<Json> json = ParseJson(text);
  if (!json || !json->is_array()) return NotAn("a list of containers");
  std::vector<std::string> ids;
  for (const Json& container : *json) {
    if (!container.is_object() || TextAt(container, "Id").empty())
      return NotAn("a list of containers");
    ids.push_back(TextAt(container, "Id"));
  }
  return ids;
}

Result<std::string> ParseCreated(std::string_view text) {
  const std::optional<Json> json = ParseJson(text);
  if (!json || !json->is_object() || TextAt(*json, "Id").empty()) return NotAn("a new container");
  return TextAt(*json, "Id");
}

Result<EngineVersion> ParseEngineVersion(std::string_view text) {
  const std::optional<Json> json = ParseJson(text);
  if (!json || !json->is_object() || TextAt(*json, "ApiVersion").empty()) return NotAn("a version");
  return EngineVersion{.engine = TextAt(*json, "Version"),
                       .api = TextAt(*json, "ApiVersion"),
                       .least_api = TextAt(*json, "MinAPIVersion")};
}

std::string EngineMessage(std::string_view body) {
  constexpr size_t kMostCharacters = 200;
  const std::optional<Json> json = ParseJson(body);
  const std::string text = json && json->is_object() ? TextAt(*json, "message") : "";
  return FirstWords(text.empty() ? body : std::string_view(text), kMostCharacters);
}

}  // namespace promheal::healing
