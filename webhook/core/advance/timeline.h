#pragma once

#include <string>
#include <string_view>

#include "webhook/core/advance/outcome.h"
#include "webhook/core/alert.h"
#include "webhook/core/incident.h"

namespace promheal::healing {

// The events of an incident's timeline. `text` is a sentence for people; the fields tell the same
// to programs, under the names of metric labels: `reason`, `action`, `result`, `verdict`, ...

TimelineEvent AlertEvent(Time now, const AlertRecord& alert);
TimelineEvent AlertsResolvedEvent(Time now);
TimelineEvent DecisionEvent(Time now, const Decision& decision);
TimelineEvent IntentEvent(Time now, const Attempt& attempt, const std::string& target);
// The answer of the executor, or of an observation, about the attempt.
TimelineEvent ActionEvent(Time now, const Attempt& attempt);
// The outcome of the attempt is unknown, and the healer asks for it.
TimelineEvent ObservingEvent(Time now, const Attempt& attempt, const std::string& why);
TimelineEvent VerificationEvent(const Evidence& evidence, int in_a_row, int times);
TimelineEvent VerdictEvent(Time now, const Attempt& attempt, const std::string& why);
// A change of an override; `change` is a word for programs: "applied", "released", ...
TimelineEvent OverrideEvent(Time now, const HeldOverride& override, std::string_view change,
                            const std::string& text);
// An order of a person; `order` is a word for programs: "release", "false_alarm".
TimelineEvent PersonEvent(Time now, std::string_view order, const std::string& by,
                          const std::string& why);
TimelineEvent ClosedEvent(Time now, const Incident& incident, const Ending& ending);

// The value of the event's field; "" if it has no such field.
std::string_view FieldOf(const TimelineEvent& event, std::string_view name);

}  // namespace promheal::healing
