#pragma once

#include <string>

#include "common/base/time.h"
#include "exporter/scoring/snapshot.h"

namespace promheal::anomaly {

// The page "/" as self-contained HTML: each target's score, its largest deviation and its model.
// `version` comes from VersionText.
std::string LandingPage(const Snapshot& snapshot, Time now, const std::string& version);

// "error_ratio 0.5, expected 0.002 (+31 sd)": the feature that stands out most; "" if none does.
std::string ExplainScore(const Snapshot& snapshot, const Score& score);

}  // namespace promheal::anomaly
