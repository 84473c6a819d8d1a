#include "webhook/core/advance/advance.h"

#include "webhook/core/advance/incident_advance.h"
#include "webhook/core/advance/timeline.h"

namespace promheal::healing {

Incident OpenIncident(const Labels& target, const AlertRecord& alert, Time now) {
  Incident incident;
  incident.id = MakeIncidentId(target, now);
  incident.target = target;
  incident.labels = alert.labels;
  incident.scenario = alert.labels.Get("scenario");
  incident.alert_keys.push_back(AlertKey(alert.source, alert.fingerprint));
  incident.opened_at = now;
  incident.state_since = now;
  AppendEvent(incident, AlertEvent(now, alert));
  return incident;
}

Advanced Advance(Incident& incident, Watch& watch, const Stimulus& stimulus,
                 const Surroundings& around, Time now) {
  IncidentAdvance advance(incident, watch, around, now);
  if (incident.state != IncidentState::kClosed) {
    std::visit([&](const auto& happened) { advance.On(happened); }, stimulus);
    advance.NoteResolve();
    while (advance.RaiseDue()) {
    }
    advance.CallWhatIsDue();
  }
  return advance.Finish();
}

}  // namespace promheal::healing
