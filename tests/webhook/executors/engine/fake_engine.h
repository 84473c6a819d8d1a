#pragma once

#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/fake_clock.h"
#include "tests/support/fake_http_server.h"
#include "webhook/executors/engine/engine_api.h"

namespace promheal::healing {

// The part of a Docker engine that the executors use, in memory, with the answers of the real
// engine (20.10, API 1.41). Works behind a server on a Unix socket, or directly. Not thread-safe.
class FakeEngine {
 public:
  explicit FakeEngine(support::FakeClock& clock) : clock_(clock) {}

  // Adds a running container with the opt-in label, which started an hour ago.
  nlohmann::json& Add(const std::string& name, const std::map<std::string, std::string>& labels);
  nlohmann::json& At(const std::string& name);
  bool Has(const std::string& name) const;
  std::string Status(const std::string& name);
  void Exit(const std::string& name, int code);  // Ends it now, as a crash does.

  // Answers a request as it is sent: method, target with query, body.
  support::FakeHttpReply Handle(const support::FakeHttpRequest& request);

  // Connects an executor without a socket; waiting moves the clock.
  std::unique_ptr<EngineApi> Api();

  // Trouble for requests such as "POST /containers/x/restart" that contain `what`: it comes instead
  // of the request, or with `after` once the request was carried out.
  struct Trouble {
    std::string what;
    Error error;     // The answer is lost,
    int status = 0;  // or this status is the answer.
    bool after = false;
  };
  std::optional<Trouble> trouble;
  std::vector<std::string> requests;  // "POST /v1.41/containers/x/restart?t=5"
  std::string api_version = "1.41";
  std::string least_api_version = "1.12";
  std::string health_after_start;  // For containers with a health check.
  std::function<void()> while_waiting;
  bool ends_after_start = false;  // A started container ends at once.

 private:
  class Client;

  std::pair<int, std::string> Answer(const std::string& method, const std::string& path,
                                     const std::map<std::string, std::string>& query,
                                     const std::string& body);
  std::pair<int, std::string> OnContainer(const std::string& method, const std::string& name,
                                          const std::string& verb, const std::string& body);
  std::pair<int, std::string> List(const std::string& filters);
  std::pair<int, std::string> Create(const std::string& name, const std::string& body);
  std::pair<int, std::string> Update(nlohmann::json& container, const std::string& body);
  void Start(nlohmann::json& container);
  void Stop(nlohmann::json& container, int code);
  nlohmann::json* Find(const std::string& name);

  support::FakeClock& clock_;
  std::map<std::string, nlohmann::json> containers_;  // By name.
  std::vector<std::string> removed_;
  int created_ = 0;
};

}  // namespace promheal::healing
