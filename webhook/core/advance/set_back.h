#pragma once

#include "webhook/core/advance/watch.h"
#include "webhook/core/incident.h"

namespace promheal::healing {

// The wall clock was set back by `by`. Moves all times that were noted or planned by the old clock,
// because waits would last too long otherwise. The timeline stays as it is.
void SetBack(Incident& incident, Duration by);
void SetBack(Watch& watch, Duration by);

// The latest past time in the record of an incident.
Time LatestNote(const Incident& incident);

}  // namespace promheal::healing
