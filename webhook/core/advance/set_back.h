#pragma once

#include "webhook/core/advance/watch.h"
#include "webhook/core/incident.h"

namespace promheal::healing {

// The wall clock has been set back. What was planned and noted by the old one moves with it, so
// that nothing waits for as long as the clock was wrong. The timeline stays as it was told.
void SetBack(Incident& incident, Duration by);
void SetBack(Watch& watch, Duration by);

// The latest time that an incident has noted of itself.
Time LatestNote(const Incident& incident);

}  // namespace promheal::healing
