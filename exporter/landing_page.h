#pragma once

#include <string>

#include "common/base/time.h"
#include "exporter/scoring/snapshot.h"

namespace promheal::anomaly {

// The page under "/": what is watched, how it is and why, self-contained HTML. `version` is the
// program's, as VersionText prints it.
std::string LandingPage(const Snapshot& snapshot, Time now, const std::string& version);

// "error_ratio 0.5, expected 0.002 (+31 sd)": what stands out most; "" where nothing does.
std::string ExplainScore(const Snapshot& snapshot, const Score& score);

}  // namespace promheal::anomaly
