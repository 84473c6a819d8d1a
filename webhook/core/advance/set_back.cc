#include "webhook/core/advance/set_back.h"

#include <algorithm>

namespace promheal::healing {
namespace {

void SetBack(std::optional<Time>& time, Duration by) {
  if (time) *time -= by;
}

}  // namespace

void SetBack(Incident& incident, Duration by) {
  incident.opened_at -= by;
  incident.state_since -= by;
  SetBack(incident.resolved_at, by);
  SetBack(incident.recovered_at, by);
  SetBack(incident.escalated_at, by);
  for (Attempt& attempt : incident.attempts) {
    attempt.intended_at -= by;
    attempt.deadline -= by;
    SetBack(attempt.finished_at, by);
  }
  for (HeldOverride& override : incident.overrides) {
    for (Time* time :
         {&override.since, &override.step_since, &override.next_release, &override.tried_since}) {
      *time -= by;
    }
    for (OverrideChange& change : override.held.changes) SetBack(change.expires_at, by);
  }
}

void SetBack(Watch& watch, Duration by) {
  if (watch.evidence) watch.evidence->at -= by;
  watch.next_question -= by;
  SetBack(watch.known_at, by);
  watch.valid_from -= by;
  watch.next_observation -= by;
  for (auto& [attempt, override] : watch.overrides) override.next_call -= by;
}

Time LatestNote(const Incident& incident) {
  Time latest = std::max(incident.opened_at, incident.state_since);
  if (incident.resolved_at) latest = std::max(latest, *incident.resolved_at);
  if (!incident.attempts.empty()) latest = std::max(latest, incident.attempts.back().intended_at);
  for (const HeldOverride& override : incident.overrides)
    latest = std::max(latest, override.step_since);
  return latest;
}

}  // namespace promheal::healing
