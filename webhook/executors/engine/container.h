#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/base/time.h"

namespace promheal::healing {

struct ContainerNetwork {
  std::string name;
  std::string address;  // IPv4; "" if it does not run.
};

// One container, from the engine's answer (GET /containers/ID/json).
struct Container {
  std::string id;
  std::string name;                           // "shop_orders_1", without the slash.
  std::map<std::string, std::string> labels;  // Names may hold dots.
  std::string status;                         // "running", "paused", "exited", "created", ...
  std::string health;  // "healthy", "unhealthy", "starting"; "" without a check.
  int64_t exit_code = 0;
  std::optional<Time> started_at;   // nullopt: never.
  std::optional<Time> finished_at;  // When it last ended.
  std::vector<ContainerNetwork> networks;
  int64_t nano_cpus = 0;  // Each 0: no limit.
  int64_t cpu_quota = 0;  // Microseconds a period; -1 is no limit, either.
  int64_t cpu_period = 0;
  int64_t memory_bytes = 0;
  int64_t memory_swap_bytes = 0;  // -1: no limit.

  bool Has(std::string_view label, std::string_view value) const;
  std::string_view Label(std::string_view name) const;  // "" if there is none.
};

// Whether it runs: it serves, as far as the engine can tell.
bool Runs(const Container& container);
// Whether it does not run, or its health check fails.
bool IsBroken(const Container& container);

// The address on that network, or on the first network for ""; "" if it has none.
std::string AddressOf(const Container& container, std::string_view network);

// kDataLoss for any other text.
Result<Container> ParseContainer(std::string_view json);
// The ids of GET /containers/json.
Result<std::vector<std::string>> ParseContainerIds(std::string_view json);
// The `Id` of a new container.
Result<std::string> ParseCreated(std::string_view json);

struct EngineVersion {
  std::string engine;  // "20.10.24"
  std::string api;     // "1.41"
  std::string least_api;
};
Result<EngineVersion> ParseEngineVersion(std::string_view json);

// The `message` of an error's body, else the body: one line without control characters, 200
// characters at most.
std::string EngineMessage(std::string_view body);

}  // namespace promheal::healing
