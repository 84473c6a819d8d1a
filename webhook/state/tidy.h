#pragma once

#include <vector>

#include "common/base/time.h"
#include "webhook/core/alert.h"
#include "webhook/state/ledger_image.h"

namespace promheal::healing {

// What time alone changes in the ledger: alerts that nobody repeats count as resolved and are
// forgotten later, cooldowns and freezes end. Walks over all of them. The alerts that expired.
std::vector<AlertRecord> Tidy(LedgerImage& image, Duration alert_expires_after, Time now);

// The wall clock was set back, so that what it noted last lies ahead: everything that the ledger
// plans moves with it.
void SetBack(LedgerImage& image, Duration by);

// The latest time that an open incident has noted of itself.
Time LatestNote(const LedgerImage& image);

}  // namespace promheal::healing
