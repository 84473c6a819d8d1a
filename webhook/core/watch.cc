#include "webhook/core/watch.h"

namespace promheal::healing {

CurrentVerification VerificationNow(const PolicySet& policies, const Incident& incident) {
  CurrentVerification current;
  if (incident.state == IncidentState::kVerifying) {
    const Attempt& attempt = incident.attempts.back();
    const Policy* policy = FindPolicyByName(policies, attempt.policy);
    if (policy == nullptr) return {};
    current = {VerificationName(*policy, attempt.rung), &VerificationOf(*policy, attempt.rung)};
  } else {
    if (IsActionInFlight(incident.state) || incident.state == IncidentState::kClosed) return {};
    const Policy* policy = FindPolicy(policies, incident.labels);
    if (policy == nullptr) return {};
    current = {VerificationName(*policy), &policy->verify};
  }
  return current.verification->conditions.empty() ? CurrentVerification{} : current;
}

void DropEvidence(Watch& watch, Time next_question) {
  watch.evidence.reset();
  watch.in_a_row = 0;
  watch.next_question = next_question;
  watch.valid_from = next_question;
}

bool TakeEvidence(Watch& watch, const CurrentVerification& current, const Evidence& evidence) {
  if (!current || evidence.verification != current.name || evidence.at < watch.valid_from) {
    return false;
  }
  const bool same = watch.evidence && watch.evidence->verification == evidence.verification &&
                    watch.evidence->verdict == evidence.verdict;
  watch.in_a_row = same ? watch.in_a_row + 1 : 1;
  watch.evidence = evidence;
  return true;
}

bool DataSay(const Watch& watch, const CurrentVerification& current, DataVerdict verdict) {
  return current && watch.evidence && watch.evidence->verification == current.name &&
         watch.evidence->verdict == verdict && watch.in_a_row >= current.verification->times;
}

}  // namespace promheal::healing
