#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "exporter/core/forest/tree.h"

namespace promheal::anomaly {

// What is wrong with a tree that came from outside, if anything is: a slot below an empty one,
// other than one leaf more than nodes, a cut that is not finite or on no feature, a leaf without
// samples, or not `subsample` samples together.
std::optional<std::string_view> FaultOf(const Tree& tree, std::uint32_t features,
                                        std::uint32_t subsample);

}  // namespace promheal::anomaly
