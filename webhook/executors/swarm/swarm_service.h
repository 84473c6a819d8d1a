#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "webhook/executors/engine/engine_session.h"

namespace promheal::healing {

// How many replicas a service is to have, and which of our intents says so. As text, for a ledger
// and for people: "2 replicas", "3 replicas by crash/7".
struct Replicas {
  int64_t number = 0;
  std::string by;  // "": somebody else.

  bool operator==(const Replicas&) const = default;
};
std::string ToString(const Replicas& replicas);
// kInvalidArgument for what ToString does not write.
Result<Replicas> ParseReplicas(std::string_view text);

// What a manager of a Swarm says about one service (GET /services/NAME).
struct SwarmService {
  std::string id;
  std::string name;
  int64_t version = 0;  // What is written must name it: compare-and-set.
  std::map<std::string, std::string> labels;
  std::string mode;                 // "Replicated", "Global", "ReplicatedJob", "GlobalJob".
  std::optional<int64_t> replicas;  // Nothing: it has no such number.
  std::string update_state;    // Of its last update: "updating", "completed", "paused", ...; or "".
  std::string update_message;  // For people.
  std::string spec;            // JSON, whole, since whatever an update leaves out is gone.

  std::string_view Label(std::string_view name) const;  // "" where there is none.
};

// kDataLoss for what is not such an answer.
Result<SwarmService> ParseSwarmService(std::string_view json);
Result<std::vector<SwarmService>> ParseSwarmServices(std::string_view json);

// Whose number of replicas it has. A person who changes the number leaves our label where it is, so
// it counts only with the number that it names.
Replicas ReplicasOf(const SwarmService& service);

// Its specification with these replicas, and the label that says who set them. Pure, as the next.
std::string SpecWithReplicas(const SwarmService& service, const Replicas& replicas);
// The same with all tasks to be replaced once more, and a label that says for which intent.
std::string SpecRestarted(const SwarmService& service, const std::string& intent);
// Which intent was the last to restart it, as far as labels tell; "" for none.
std::string_view RestartedBy(const SwarmService& service);

// The tasks that a service is meant to have now (GET /tasks, desired state "running").
struct SwarmTasks {
  int64_t wanted = 0;   // As many as there are.
  int64_t running = 0;  // Of these.
  std::string trouble;  // Of one that does not run: "pending: no suitable node"; "" for none.
};
Result<SwarmTasks> ParseSwarmTasks(std::string_view json);

// Of a manager of a Swarm; others answer kUnavailable. kNotFound where none has that name.
Result<SwarmService> ReadService(EngineSession& session, const std::string& name);
Result<std::vector<SwarmService>> ReadServices(EngineSession& session,
                                               const LabelSelection& selection);
Result<SwarmTasks> ReadTasks(EngineSession& session, const SwarmService& service);
// Writes a new specification. kFailedPrecondition where the service is not any more as it was read.
Status WriteService(EngineSession& session, const SwarmService& service, const std::string& spec);

}  // namespace promheal::healing
