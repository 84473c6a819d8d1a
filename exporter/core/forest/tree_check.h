#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "exporter/core/forest/tree.h"

namespace promheal::anomaly {

// The fault of a tree that came from outside, or nullopt: a node below an empty slot, not exactly
// one leaf more than nodes, a cut that is not finite or on an unknown feature, a leaf without
// samples, or not `subsample` samples in total.
std::optional<std::string_view> FaultOf(const Tree& tree, std::uint32_t features,
                                        std::uint32_t subsample);

}  // namespace promheal::anomaly
