#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "webhook/executors/engine/container.h"

namespace promheal::healing {

// CPUs and memory that a container may use, as far as an action sets them. As text, for a ledger
// and for people: "cpus=0.5 memory=67108864", "cpus=unlimited".
struct ContainerLimits {
  std::optional<int64_t> nano_cpus;     // 0: no limit. Nothing: not spoken of.
  std::optional<int64_t> memory_bytes;  // 0: no limit.

  bool operator==(const ContainerLimits&) const = default;
};

std::string ToString(const ContainerLimits& limits);
// kInvalidArgument for what ToString does not write.
Result<ContainerLimits> ParseContainerLimits(std::string_view text);

// The limits that the container has now, of those that `spoken_of` speaks of.
ContainerLimits LimitsOf(const Container& container, const ContainerLimits& spoken_of);

// The body of POST /containers/ID/update. Swap keeps its distance to memory. kFailedPrecondition
// where Docker could not take it back: a first limit of memory.
Result<std::string> UpdateBody(const Container& container, const ContainerLimits& wanted);

}  // namespace promheal::healing
