#pragma once

#include <string>
#include <string_view>

#include "common/base/result.h"
#include "exporter/core/forest/forest_data.h"

namespace promheal::anomaly {

// The stored form, all numbers little-endian: "PHIF", u32 version, u32 psi, u32 features, u32
// trees, features x (f64 centre, f64 scale), trees x (u32 nodes, nodes x (u32 feature, f32 cut, u32
// left, u32 right, u32 samples)), u32 CRC-32 of all before it.
std::string EncodeForest(const ForestData& forest);

// kDataLoss, saying what is wrong, for anything but what EncodeForest writes: cut short, damaged,
// of another version, or with trees that are no trees.
Result<ForestData> DecodeForest(std::string_view bytes);

}  // namespace promheal::anomaly
