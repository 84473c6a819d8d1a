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

// The number of replicas that a service is to have, and the intent of ours that set it. As text,
// for the ledger and for people: "2 replicas", "3 replicas by crash/7".
struct Replicas {
  int64_t number = 0;
  std::string by;  // "": another writer.

  bool operator==(const Replicas&) const = default;
};
std::string ToString(const Replicas& replicas);
// kInvalidArgument for a text that ToString does not write.
Result<Replicas> ParseReplicas(std::string_view text);

// One service, from a manager's answer (GET /services/NAME).
struct SwarmService {
  std::string id;
  std::string name;
  int64_t version = 0;  // A write must name it: compare-and-set.
  std::map<std::string, std::string> labels;
  std::string mode;                 // "Replicated", "Global", "ReplicatedJob", "GlobalJob".
  std::optional<int64_t> replicas;  // nullopt: it has no such number.
  std::string update_state;    // Its last update: "updating", "completed", "paused", ...; "": none.
  std::string update_message;  // For people.
  std::string spec;            // Complete JSON: an update deletes every key that it leaves out.

  std::string_view Label(std::string_view name) const;  // "" if there is none.
};

// kDataLoss for any other text.
Result<SwarmService> ParseSwarmService(std::string_view json);
Result<std::vector<SwarmService>> ParseSwarmServices(std::string_view json);

// Its number of replicas, and the intent that set it. A person who changes the number leaves our
// label behind, so the label counts only if the number is the one that it names.
Replicas ReplicasOf(const SwarmService& service);

// Its specification with these replicas and the label that names their intent. Pure.
std::string SpecWithReplicas(const SwarmService& service, const Replicas& replicas);
// Its specification with all tasks to be replaced, and a label that names the intent. Pure.
std::string SpecRestarted(const SwarmService& service, const std::string& intent);
// The intent that restarted it last, according to its label; "" for none.
std::string_view RestartedBy(const SwarmService& service);

// The tasks that a service is meant to have now (GET /tasks, desired state "running").
struct SwarmTasks {
  int64_t wanted = 0;   // All of them.
  int64_t running = 0;  // Those that run.
  std::string trouble;  // Why a task does not run: "pending: no suitable node"; or "".
};
Result<SwarmTasks> ParseSwarmTasks(std::string_view json);

// Asks a manager of a Swarm; other engines answer kUnavailable. kNotFound if none has that name.
Result<SwarmService> ReadService(EngineSession& session, const std::string& name);
Result<std::vector<SwarmService>> ReadServices(EngineSession& session,
                                               const LabelSelection& selection);
Result<SwarmTasks> ReadTasks(EngineSession& session, const SwarmService& service);
// Writes a new specification. kFailedPrecondition if the service has changed since it was read.
Status WriteService(EngineSession& session, const SwarmService& service, const std::string& spec);

}  // namespace promheal::healing
