#include "webhook/executors/docker/container_copy.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "webhook/executors/docker/container_choice.h"

namespace promheal::healing {
namespace {

using Json = nlohmann::json;

// The engine names the host after the first 12 digits of the id.
constexpr size_t kShortId = 12;

std::string TextAt(const Json& json, const char* key) {
  return json.contains(key) && json[key].is_string() ? json[key].get<std::string>() : "";
}

Json ConfigOf(const Json& origin, const CopyOptions& options) {
  Json config = origin.at("Config");
  const std::string id = origin.at("Id").get<std::string>();
  if (TextAt(config, "Hostname") == id.substr(0, kShortId)) config.erase("Hostname");
  config.erase("MacAddress");
  // The tag may have moved on; the digest names the image that runs.
  config["Image"] = origin.at("Image");
  if (!config["Labels"].is_object()) config["Labels"] = Json::object();
  config["Labels"][std::string(kMadeByLabel)] = options.made_by;
  config["Labels"]["com.docker.compose.container-number"] = std::to_string(options.number);
  return config;
}

Json HostConfigOf(const Json& origin) {
  Json host = origin.at("HostConfig");
  host["PortBindings"] = Json::object();
  host["PublishAllPorts"] = false;
  host["ContainerIDFile"] = "";
  host["Links"] = nullptr;
  return host;
}

// The origin's aliases without its id and its name.
Json EndpointOf(const Json& origin, const Json& network, bool keeps_aliases) {
  const std::string id = origin.at("Id").get<std::string>();
  const std::string name = TextAt(origin, "Name");
  Json aliases = Json::array();
  if (keeps_aliases && network.contains("Aliases") && network["Aliases"].is_array()) {
    for (const Json& alias : network["Aliases"]) {
      if (alias != id.substr(0, kShortId) && '/' + alias.get<std::string>() != name) {
        aliases.push_back(alias);
      }
    }
  }
  Json endpoint = {{"Aliases", aliases}};
  if (network.contains("DriverOpts")) endpoint["DriverOpts"] = network["DriverOpts"];
  return endpoint;
}

bool SharesNetwork(const std::string& mode) {
  return mode == "host" || mode == "none" || mode.starts_with("container:");
}

Result<ContainerCopy> Copy(const Json& origin, const CopyOptions& options) {
  Json body = ConfigOf(origin, options);
  body["HostConfig"] = HostConfigOf(origin);
  const std::string mode = TextAt(body["HostConfig"], "NetworkMode");
  if (SharesNetwork(mode)) {
    return Fail(ErrorCode::kFailedPrecondition,
                "a container on network '" + mode + "' cannot be copied");
  }
  ContainerCopy copy;
  const Json& networks = origin.at("NetworkSettings").at("Networks");
  // Older engines accept only one network at creation: the one that NetworkMode names.
  const std::string first =
      networks.contains(mode) || networks.empty() ? mode : networks.begin().key();
  for (const auto& [name, network] : networks.items()) {
    const Json endpoint = EndpointOf(origin, network, options.keeps_aliases);
    if (name == first) {
      body["NetworkingConfig"] = {{"EndpointsConfig", {{name, endpoint}}}};
    } else {
      copy.connect.emplace_back(name, Json{{"EndpointConfig", endpoint}}.dump());
    }
  }
  copy.create = body.dump();
  return copy;
}

}  // namespace

Result<ContainerCopy> CopyOf(std::string_view origin_json, const CopyOptions& options) {
  try {
    return Copy(Json::parse(origin_json), options);
  } catch (const Json::exception&) {
    return Fail(ErrorCode::kDataLoss, "the engine's answer is not a container");
  }
}

std::string ForContainer(const std::string& connect, const std::string& id) {
  Json body = Json::parse(connect, nullptr, false);
  if (!body.is_object()) body = Json::object();
  body["Container"] = id;
  return body.dump();
}

}  // namespace promheal::healing
