#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "webhook/executors/engine/container.h"

namespace promheal::healing {

// The limits of a container that an action sets. As text, for the ledger and for people: "cpus=0.5
// memory=67108864", "cpus=unlimited".
struct ContainerLimits {
  std::optional<int64_t> nano_cpus;     // 0: no limit. nullopt: not set by the action.
  std::optional<int64_t> memory_bytes;  // 0: no limit.

  bool operator==(const ContainerLimits&) const = default;
};

std::string ToString(const ContainerLimits& limits);
// kInvalidArgument for a text that ToString does not write.
Result<ContainerLimits> ParseContainerLimits(std::string_view text);

// The current values of those limits that `wanted` sets.
ContainerLimits LimitsOf(const Container& container, const ContainerLimits& wanted);

// The body of POST /containers/ID/update. The limit of swap moves with that of memory.
// kFailedPrecondition for a first limit of memory, because Docker cannot remove it again.
Result<std::string> UpdateBody(const Container& container, const ContainerLimits& wanted);

}  // namespace promheal::healing
