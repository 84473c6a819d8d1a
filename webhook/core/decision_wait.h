#pragma once

#include <optional>
#include <string>

#include "webhook/core/decision.h"

namespace promheal::healing {

// The parts of Decide that wait, in the order in which it asks them. Each says why nothing is done
// yet, or nothing where it has no objection.

// What people want comes before what data say: a pause, maintenance, a silence.
std::optional<Decision> WaitForPeople(const DecisionInput& input, Time now);
// Data must show the trouble now.
std::optional<Decision> WaitForData(const DecisionInput& input, const Policy& policy, Time now);
// The platform, a storm, an instance that is being healed.
std::optional<Decision> WaitForOthers(const DecisionInput& input, const Policy& policy, Time now);
// What this rung must wait for: its cooldown, budgets, what remains healthy.
std::optional<Decision> WaitForTurn(const DecisionInput& input, const Policy& policy, size_t rung,
                                    Time now);
// The wait, or a call for a human where it has lasted too long.
Decision WaitOrEscalate(const DecisionInput& input, Decision wait, const Policy& policy, Time now);

// A decision for this reason, with its sentence.
Decision Because(DecisionReason reason, const std::string& why);
// ", who said: deploy"; nothing where nothing is known.
std::string Said(const std::string& why);
// The evidence, if it is on this policy's verification and not too old; else null.
const Evidence* FreshEvidence(const DecisionInput& input, const Policy& policy, Time now);
// What data said to one of RungQuestions; null where it was not asked.
const Judgement* AnswerTo(const DecisionInput& input, const std::string& question);

}  // namespace promheal::healing
