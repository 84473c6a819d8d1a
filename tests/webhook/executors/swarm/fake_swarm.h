#pragma once

#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/fake_clock.h"
#include "webhook/executors/engine/engine_api.h"

namespace promheal::healing {

// The part of a Swarm's manager that the executors use, in memory, with the answers of a real
// manager (20.10, API 1.41). Changes take effect at once. Not thread-safe.
class FakeSwarm {
 public:
  explicit FakeSwarm(support::FakeClock& clock) : clock_(clock) {}

  // Connects an executor; waiting moves the clock.
  std::unique_ptr<EngineApi> Api();

  // Adds a replicated service with the opt-in label; all its tasks run.
  nlohmann::json& Add(const std::string& name, int replicas);
  nlohmann::json& At(const std::string& name);
  nlohmann::json& SpecOf(const std::string& name) { return At(name)["Spec"]; }
  int ReplicasOf(const std::string& name);
  // As `docker service scale`, which leaves labels as they are.
  void ScaleByHand(const std::string& name, int replicas);
  void Remove(const std::string& name) { services_.erase(name); }

  // The answer to requests such as "POST /services/x/update" that contain `what` is lost, before or
  // after the request was carried out.
  struct Trouble {
    std::string what;
    Error error;
    bool after = false;
  };
  std::optional<Trouble> trouble;
  std::vector<std::string> requests;      // "POST /services/x/update"
  bool manages = true;                    // Whether this engine is a manager.
  int room = 100;                         // Tasks that can run; the others wait.
  std::string update_ends = "completed";  // The state of an update that replaces tasks.
  std::function<void()> before_update;    // Another writer may be faster.

 private:
  class Client;

  // Status and body for GET /services, GET /services/NAME, POST /services/ID/update, GET /tasks.
  std::pair<int, std::string> Answer(const EngineRequest& request);
  std::pair<int, std::string> List(const nlohmann::json& filters);
  std::pair<int, std::string> Tasks(const nlohmann::json& filters);
  std::pair<int, std::string> Update(nlohmann::json& service, const std::string& version,
                                     const std::string& body);
  nlohmann::json* Find(const std::string& name);

  support::FakeClock& clock_;
  std::map<std::string, nlohmann::json> services_;  // By name.
  int index_ = 10;
};

}  // namespace promheal::healing
