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

// As much of a manager of a Swarm as the executors ask for, in memory, with the answers of the real
// one (20.10, API 1.41). What is asked for is so at once. Not thread-safe.
class FakeSwarm {
 public:
  explicit FakeSwarm(support::FakeClock& clock) : clock_(clock) {}

  // An executor's way to it; waiting moves the clock.
  std::unique_ptr<EngineApi> Api();

  // Adds a replicated service with the opt-in label; all its tasks run.
  nlohmann::json& Add(const std::string& name, int replicas);
  nlohmann::json& At(const std::string& name);
  nlohmann::json& SpecOf(const std::string& name) { return At(name)["Spec"]; }
  int ReplicasOf(const std::string& name);
  // As `docker service scale`, which leaves labels as they are.
  void ScaleByHand(const std::string& name, int replicas);
  void Remove(const std::string& name) { services_.erase(name); }

  // The answer to a request that has `what` in "POST /services/x/update" is lost, before it was
  // carried out or after.
  struct Trouble {
    std::string what;
    Error error;
    bool after = false;
  };
  std::optional<Trouble> trouble;
  std::vector<std::string> requests;      // "POST /services/x/update"
  bool manages = true;                    // Whether this engine is a manager at all.
  int room = 100;                         // For so many tasks; the others wait.
  std::string update_ends = "completed";  // Of one that replaces tasks.
  std::function<void()> before_update;    // Somebody may be faster.

 private:
  class Client;

  // Of GET /services, GET /services/NAME, POST /services/ID/update and GET /tasks: status and body.
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
