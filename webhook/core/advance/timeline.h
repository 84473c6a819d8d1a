#pragma once

#include <string>
#include <string_view>

#include "webhook/core/advance/outcome.h"
#include "webhook/core/alert.h"
#include "webhook/core/incident.h"

namespace promheal::healing {

// What an incident's history says, in one place. `text` is a sentence for people; the fields carry
// the same for programs: `reason`, `action`, `result`, `verdict`, ... under the names that metrics
// use.

TimelineEvent AlertEvent(Time now, const AlertRecord& alert);
TimelineEvent AlertsResolvedEvent(Time now);
TimelineEvent DecisionEvent(Time now, const Decision& decision);
TimelineEvent IntentEvent(Time now, const Attempt& attempt, const std::string& target);
// What the executor or an observation said of the attempt.
TimelineEvent ActionEvent(Time now, const Attempt& attempt);
// The healer came back and found the intent without an outcome, or lost the executor's answer.
TimelineEvent ObservingEvent(Time now, const Attempt& attempt, const std::string& why);
TimelineEvent VerificationEvent(const Evidence& evidence, int in_a_row, int times);
TimelineEvent VerdictEvent(Time now, const Attempt& attempt, const std::string& why);
// What has become of an override; `change` is a word for programs: "applied", "released", ...
TimelineEvent OverrideEvent(Time now, const HeldOverride& one, std::string_view change,
                            const std::string& text);
// A person ordered it; `order` is a word for programs: "release", "false_alarm".
TimelineEvent PersonEvent(Time now, std::string_view order, const std::string& by,
                          const std::string& why);
TimelineEvent ClosedEvent(Time now, const Incident& incident, const Ending& ending);

// The value of one of its fields; "" where it has none of that name.
std::string_view FieldOf(const TimelineEvent& event, std::string_view name);

}  // namespace promheal::healing
