#pragma once

#include <vector>

#include "common/base/time.h"
#include "webhook/core/alert.h"
#include "webhook/state/ledger_image.h"

namespace promheal::healing {

// Expires records by time: alerts without a repeat count as resolved and are erased later,
// cooldowns and freezes end. Visits all of them. Returns the alerts that expired.
std::vector<AlertRecord> Tidy(LedgerImage& image, Duration alert_expires_after, Time now);

// Moves all planned and noted times back after the wall clock was set back, so that they do not lie
// in the future.
void SetBack(LedgerImage& image, Duration by);

// The latest time on record of any open incident.
Time LatestNote(const LedgerImage& image);

}  // namespace promheal::healing
