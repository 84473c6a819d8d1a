#include "tests/webhook/executors/swarm/fake_swarm.h"

#include <fmt/format.h>

#include <algorithm>

namespace promheal::healing {
namespace {

using Json = nlohmann::json;

std::pair<int, std::string> Refuse(int status, const std::string& message) {
  return {status, Json{{"message", message}}.dump()};
}

}  // namespace

class FakeSwarm::Client final : public EngineApi {
 public:
  explicit Client(FakeSwarm& swarm) : swarm_(swarm) {}

  Result<EngineAnswer> Send(const EngineRequest& request, Duration) override {
    const std::string line = fmt::format("{} /{}", request.method, fmt::join(request.path, "/"));
    swarm_.requests.push_back(line);
    const auto& trouble = swarm_.trouble;
    const bool lost = trouble && line.find(trouble->what) != std::string::npos;
    if (lost && !trouble->after) return tl::make_unexpected(trouble->error);
    const auto [status, body] = swarm_.Answer(request);
    if (lost) return tl::make_unexpected(trouble->error);
    return EngineAnswer{status, body};
  }
  Result<EngineVersion> Version(Duration) override {
    return EngineVersion{"20.10.24", "1.41", "1.12"};
  }
  void Pause(Duration duration) override { swarm_.clock_.Advance(duration); }

 private:
  FakeSwarm& swarm_;
};

std::unique_ptr<EngineApi> FakeSwarm::Api() { return std::make_unique<Client>(*this); }

Json& FakeSwarm::Add(const std::string& name, int replicas) {
  Json service = {
      {"ID", fmt::format("{:025x}", 0xab0000 + services_.size())},
      {"Version", {{"Index", ++index_}}},
      {"CreatedAt", "2026-01-01T00:00:00.0Z"},
      {"UpdatedAt", "2026-01-01T00:00:00.0Z"},
      {"Spec",
       {{"Name", name},
        {"Labels", {{"promheal.enable", "true"}, {"com.docker.stack.namespace", "shop"}}},
        {"TaskTemplate",
         {{"ContainerSpec", {{"Image", "promheal/shop"}, {"Args", {"shop_orders"}}}},
          {"Resources", {{"Limits", {{"MemoryBytes", 67108864}}}}},
          {"ForceUpdate", 0},
          {"Runtime", "container"}}},
        {"Mode", {{"Replicated", {{"Replicas", replicas}}}}},
        {"UpdateConfig", {{"Parallelism", 1}, {"MaxFailureRatio", 0.25}}},
        {"EndpointSpec", {{"Mode", "vip"}}}}},
      {"Endpoint", {{"Spec", Json::object()}}}};
  return services_[name] = service;
}

Json& FakeSwarm::At(const std::string& name) { return services_.at(name); }

int FakeSwarm::ReplicasOf(const std::string& name) {
  return SpecOf(name)["Mode"]["Replicated"]["Replicas"].get<int>();
}

void FakeSwarm::ScaleByHand(const std::string& name, int replicas) {
  SpecOf(name)["Mode"]["Replicated"]["Replicas"] = replicas;
  At(name)["Version"]["Index"] = ++index_;
}

std::pair<int, std::string> FakeSwarm::Answer(const EngineRequest& request) {
  const std::vector<std::string>& path = request.path;
  const std::map<std::string, std::string> query(request.query.begin(), request.query.end());
  if (!manages) {
    return Refuse(503,
                  "This node is not a swarm manager. Use \"docker swarm init\" or \"docker "
                  "swarm join\" to connect this node to swarm and try again.");
  }
  if (path.size() == 1) {
    const Json filters = Json::parse(query.at("filters"), nullptr, false);
    if (filters.is_discarded()) return Refuse(400, "invalid filter");
    return path[0] == "tasks" ? Tasks(filters) : List(filters);
  }
  Json* service = Find(path[1]);
  if (service == nullptr) return Refuse(404, fmt::format("service {} not found", path[1]));
  if (path.size() == 2) return {200, service->dump()};
  return Update(*service, query.at("version"), request.body);
}

std::pair<int, std::string> FakeSwarm::List(const Json& filters) {
  Json found = Json::array();
  for (const auto& [name, service] : services_) {
    const Json& labels = service["Spec"]["Labels"];
    const Json& wanted = filters["label"];
    const bool fits = std::all_of(wanted.begin(), wanted.end(), [&](const Json& filter) {
      const auto text = filter.get<std::string>();
      const std::string label = text.substr(0, text.find('='));
      return labels.contains(label) && labels[label] == text.substr(text.find('=') + 1);
    });
    if (fits) found.push_back(service);
  }
  return {200, found.dump()};
}

std::pair<int, std::string> FakeSwarm::Tasks(const Json& filters) {
  const Json* service = Find(filters["service"][0].get<std::string>());
  Json tasks = Json::array();
  const int wanted =
      service == nullptr ? 0 : (*service)["Spec"]["Mode"]["Replicated"]["Replicas"].get<int>();
  for (int slot = 1; slot <= wanted; ++slot) {
    Json status = {{"State", "running"}, {"Message", "started"}};
    if (slot > room) {
      status = {{"State", "pending"},
                {"Message", "pending task scheduling"},
                {"Err", "no suitable node (insufficient resources on 1 node)"}};
    }
    tasks.push_back({{"ID", fmt::format("task{}", slot)},
                     {"Slot", slot},
                     {"Status", status},
                     {"DesiredState", "running"}});
  }
  return {200, tasks.dump()};
}

// As the real manager: an update with an old version fails with status 500.
std::pair<int, std::string> FakeSwarm::Update(Json& service, const std::string& version,
                                              const std::string& body) {
  if (before_update) before_update();
  if (version != std::to_string(service["Version"]["Index"].get<int>())) {
    return Refuse(500, "rpc error: code = Unknown desc = update out of sequence");
  }
  const Json spec = Json::parse(body, nullptr, false);
  if (spec.is_discarded()) return Refuse(400, "invalid JSON");
  if (spec["TaskTemplate"] != service["Spec"]["TaskTemplate"]) {
    service["UpdateStatus"] = {{"State", update_ends}, {"Message", "update " + update_ends}};
  }
  service["Spec"] = spec;
  service["Version"]["Index"] = ++index_;
  return {200, "{\"Warnings\":null}"};
}

// Finds it by its id, its name, or the beginning of its id.
Json* FakeSwarm::Find(const std::string& name) {
  for (auto& [own_name, service] : services_) {
    if (own_name == name || service["ID"].get<std::string>().starts_with(name)) return &service;
  }
  return nullptr;
}

}  // namespace promheal::healing
