#include "tests/webhook/executors/engine/fake_engine.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <stdexcept>

namespace promheal::healing {
namespace {

using Json = nlohmann::json;

std::string Decoded(const std::string& text) {
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      decoded += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
      i += 2;
    } else {
      decoded += text[i] == '+' ? ' ' : text[i];
    }
  }
  return decoded;
}

std::map<std::string, std::string> ParseQuery(const std::string& query) {
  std::map<std::string, std::string> fields;
  std::istringstream stream(query);
  for (std::string field; std::getline(stream, field, '&');) {
    const size_t equals = field.find('=');
    fields[Decoded(field.substr(0, equals))] = Decoded(field.substr(equals + 1));
  }
  return fields;
}

std::pair<int, std::string> Refuse(int status, const std::string& message) {
  return {status, Json{{"message", message}}.dump()};
}

std::vector<std::string> Split(const std::string& path) {
  std::vector<std::string> parts;
  std::istringstream stream(path);
  for (std::string part; std::getline(stream, part, '/');) {
    if (!part.empty()) parts.push_back(Decoded(part));
  }
  return parts;
}

bool HasLabels(const Json& container, const Json& wanted) {
  const Json& labels = container["Config"]["Labels"];
  return std::all_of(wanted.begin(), wanted.end(), [&](const Json& label) {
    const auto text = label.get<std::string>();
    const size_t equals = text.find('=');
    const std::string name = text.substr(0, equals);
    return labels.contains(name) && labels[name] == text.substr(equals + 1);
  });
}

}  // namespace

class FakeEngine::Client final : public EngineApi {
 public:
  explicit Client(FakeEngine& engine) : engine_(engine) {}

  Result<EngineAnswer> Send(const EngineRequest& request, Duration deadline) override {
    std::string target = "/v1.41";
    for (const std::string& part : request.path) target += '/' + PercentEncode(part);
    const std::string line = request.method + ' ' + target;
    const auto& trouble = engine_.trouble;
    const bool meant = trouble && line.find(trouble->what) != std::string::npos;
    const bool lost = meant && trouble->status == 0;
    if (lost && trouble->error.code == ErrorCode::kTimeout) engine_.clock_.Advance(deadline);
    if (lost && !trouble->after) return tl::make_unexpected(trouble->error);
    if (!request.query.empty()) target += '?' + EncodeForm(request.query);
    const support::FakeHttpReply reply = engine_.Handle({request.method, target, {}, request.body});
    if (lost) return tl::make_unexpected(trouble->error);
    const size_t end = reply.bytes.find("\r\n\r\n");
    return EngineAnswer{std::stoi(reply.bytes.substr(9, 3)), reply.bytes.substr(end + 4)};
  }
  Result<EngineVersion> Version(Duration) override {
    return EngineVersion{"20.10.24", engine_.api_version, engine_.least_api_version};
  }
  void Pause(Duration duration) override {
    engine_.clock_.Advance(duration);
    if (engine_.while_waiting) engine_.while_waiting();
  }

 private:
  FakeEngine& engine_;
};

std::unique_ptr<EngineApi> FakeEngine::Api() { return std::make_unique<Client>(*this); }

Json& FakeEngine::Add(const std::string& name, const std::map<std::string, std::string>& labels) {
  Json container = {{"Id", fmt::format("{:064x}", ++created_)},
                    {"Name", '/' + name},
                    {"Image", "sha256:5ea1"},
                    {"State",
                     {{"Status", "running"},
                      {"ExitCode", 0},
                      {"StartedAt", FormatRfc3339(clock_.Now() - std::chrono::hours(1))},
                      {"FinishedAt", "0001-01-01T00:00:00Z"}}},
                    {"HostConfig",
                     {{"NetworkMode", "shop_default"},
                      {"NanoCpus", 0},
                      {"CpuQuota", 0},
                      {"CpuPeriod", 0},
                      {"Memory", 0},
                      {"MemorySwap", 0},
                      {"PortBindings", {{"3011/tcp", {{{"HostIp", ""}, {"HostPort", "80"}}}}}}}},
                    {"NetworkSettings",
                     {{"Networks",
                       {{"shop_default",
                         {{"IPAddress", fmt::format("172.18.0.{}", created_ + 1)},
                          {"Aliases", {"orders", name, fmt::format("{:012x}", 0)}}}}}}}},
                    {"Config",
                     {{"Hostname", fmt::format("{:064x}", created_).substr(0, 12)},
                      {"Image", "promheal/shop"},
                      {"Cmd", {"shop_orders"}},
                      {"Labels", labels}}}};
  container["Config"]["Labels"]["promheal.enable"] = "true";
  return containers_[name] = container;
}

Json& FakeEngine::At(const std::string& name) { return containers_.at(name); }

bool FakeEngine::Has(const std::string& name) const { return containers_.contains(name); }

std::string FakeEngine::Status(const std::string& name) {
  return At(name)["State"]["Status"].get<std::string>();
}

void FakeEngine::Exit(const std::string& name, int code) { Stop(At(name), code); }

support::FakeHttpReply FakeEngine::Handle(const support::FakeHttpRequest& request) {
  requests.push_back(request.method + ' ' + request.target);
  const size_t mark = request.target.find('?');
  std::string path = request.target.substr(0, mark);
  const auto query = ParseQuery(mark == std::string::npos ? "" : request.target.substr(mark + 1));
  if (path.starts_with("/v")) {
    const size_t slash = path.find('/', 1);
    if (slash != std::string::npos) {
      const std::string version = path.substr(2, slash - 2);
      if (version != api_version) {
        return support::Reply(400, Refuse(400, "client version " + version + " is too new").second);
      }
      path = path.substr(slash);
    }
  }
  const bool meant =
      trouble && (request.method + ' ' + path).find(trouble->what) != std::string::npos;
  if (meant && trouble->status != 0 && !trouble->after) {
    return support::Reply(trouble->status, Refuse(trouble->status, trouble->error.message).second);
  }
  const auto [status, body] = Answer(request.method, path, query, request.body);
  if (meant && trouble->status != 0) return support::Reply(trouble->status, "{}");
  return support::Reply(status, body);
}

std::pair<int, std::string> FakeEngine::Answer(const std::string& method, const std::string& path,
                                               const std::map<std::string, std::string>& query,
                                               const std::string& body) {
  const auto field = [&](const std::string& name) {
    return query.contains(name) ? query.at(name) : "";
  };
  const std::vector<std::string> parts = Split(path);
  if (path == "/version") {
    return {200, Json{{"Version", "20.10.24"},
                      {"ApiVersion", api_version},
                      {"MinAPIVersion", least_api_version}}
                     .dump()};
  }
  if (path == "/containers/json") return List(field("filters"));
  if (path == "/containers/create") return Create(field("name"), body);
  if (path == "/events") {
    return {200, removed_.empty() ? "" : Json{{"Action", "destroy"}}.dump() + "\n"};
  }
  if (parts.size() == 3 && parts[0] == "networks") return {200, ""};
  if (parts.size() < 2 || parts[0] != "containers") return Refuse(404, "page not found");
  return OnContainer(method, parts[1], parts.size() > 2 ? parts[2] : "", body);
}

std::pair<int, std::string> FakeEngine::OnContainer(const std::string& method,
                                                    const std::string& name,
                                                    const std::string& verb,
                                                    const std::string& body) {
  Json* container = Find(name);
  if (container == nullptr) return Refuse(404, "No such container: " + name);
  const auto status = (*container)["State"]["Status"].get<std::string>();
  if (method == "DELETE") {
    if (status == "running") return Refuse(409, "You cannot remove a running container");
    removed_.push_back(name);
    containers_.erase((*container)["Name"].get<std::string>().substr(1));
    return {204, ""};
  }
  if (verb == "json") return {200, container->dump()};
  if (verb == "update") return Update(*container, body);
  if (verb == "restart") {
    Stop(*container, 0);
    Start(*container);
    return {204, ""};
  }
  if (verb == "start") {
    if (status == "running") return {304, ""};
    Start(*container);
    return {204, ""};
  }
  if (verb == "stop") {
    if (status != "running") return {304, ""};
    Stop(*container, 0);
    return {204, ""};
  }
  const std::string from = verb == "pause" ? "running" : "paused";
  if (status != from) return Refuse(500, "Container is not " + from);
  (*container)["State"]["Status"] = verb == "pause" ? "paused" : "running";
  return {204, ""};
}

std::pair<int, std::string> FakeEngine::List(const std::string& filters) {
  Json wanted = Json::parse(filters, nullptr, false);
  if (wanted.is_discarded()) return Refuse(400, "invalid filter");
  Json ids = Json::array();
  for (const auto& [name, container] : containers_) {
    if (HasLabels(container, wanted["label"])) ids.push_back({{"Id", container["Id"]}});
  }
  return {200, ids.dump()};
}

std::pair<int, std::string> FakeEngine::Create(const std::string& name, const std::string& body) {
  if (containers_.contains(name)) return Refuse(409, "The container name is already in use");
  const Json wanted = Json::parse(body, nullptr, false);
  if (wanted.is_discarded()) return Refuse(400, "invalid JSON");
  Json& container = Add(name, {});
  container["Config"] = wanted;
  container["HostConfig"] = wanted["HostConfig"];
  container["State"]["Status"] = "created";
  container["State"]["StartedAt"] = "0001-01-01T00:00:00Z";
  return {201, Json{{"Id", container["Id"]}, {"Warnings", Json::array()}}.dump()};
}

// As the real engine: 0 changes nothing, and there is a least memory.
std::pair<int, std::string> FakeEngine::Update(Json& container, const std::string& body) {
  const Json wanted = Json::parse(body, nullptr, false);
  if (wanted.contains("Memory") && wanted["Memory"] < (6 << 20)) {
    return Refuse(400, "Minimum memory limit allowed is 6MB");
  }
  for (const auto& [name, value] : wanted.items()) {
    if (value != 0) container["HostConfig"][name] = value;
  }
  return {200, "{\"Warnings\":null}"};
}

void FakeEngine::Start(Json& container) {
  Json& state = container["State"];
  state["Status"] = "running";
  state["StartedAt"] = FormatRfc3339(clock_.Now());
  if (state.contains("Health")) state["Health"]["Status"] = health_after_start;
  if (ends_after_start) Stop(container, 1);
}

void FakeEngine::Stop(Json& container, int code) {
  container["State"]["Status"] = "exited";
  container["State"]["ExitCode"] = code;
  container["State"]["FinishedAt"] = FormatRfc3339(clock_.Now());
}

Json* FakeEngine::Find(const std::string& name) {
  for (auto& [own_name, container] : containers_) {
    if (own_name == name || container["Id"] == name) return &container;
  }
  return nullptr;
}

}  // namespace promheal::healing
