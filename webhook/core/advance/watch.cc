#include "webhook/core/advance/watch.h"

#include <algorithm>

namespace promheal::healing {

namespace {

CurrentVerification OfAttempt(const PolicySet& policies, const Attempt& attempt) {
  const Policy* policy = FindPolicyByName(policies, attempt.policy);
  if (policy == nullptr) return {};
  return {VerificationName(*policy, attempt.rung), &VerificationOf(*policy, attempt.rung)};
}

CurrentVerification OfRelease(const PolicySet& policies, const HeldOverride& held) {
  const Policy* policy = FindPolicyByName(policies, held.policy);
  if (policy == nullptr) return {};
  return {ReleaseVerificationName(*policy, held.rung), &ReleaseVerificationOf(*policy, held.rung)};
}

CurrentVerification OfPolicy(const PolicySet& policies, const Incident& incident) {
  const Policy* policy = FindPolicy(policies, incident.labels);
  if (policy == nullptr) return {};
  return {VerificationName(*policy), &policy->verify};
}

CurrentVerification Choose(const PolicySet& policies, const Incident& incident) {
  const IncidentState state = incident.state;
  if (state == IncidentState::kVerifying) return OfAttempt(policies, incident.attempts.back());
  if (IsActionInFlight(state) || state == IncidentState::kClosed) return {};
  const HeldOverride* held = NextToRelease(incident);
  const bool holds = state == IncidentState::kHolding || state == IncidentState::kReleasing;
  return holds && held != nullptr ? OfRelease(policies, *held) : OfPolicy(policies, incident);
}

}  // namespace

CurrentVerification VerificationNow(const PolicySet& policies, const Incident& incident) {
  const CurrentVerification current = Choose(policies, incident);
  return current && !current.verification->conditions.empty() ? current : CurrentVerification{};
}

const HeldOverride* NextToRelease(const Incident& incident) {
  const auto it = std::find_if(incident.overrides.begin(), incident.overrides.end(), IsWanted);
  return it == incident.overrides.end() ? nullptr : &*it;
}

void DropEvidence(Watch& watch, Time next_question) {
  watch.evidence.reset();
  watch.in_a_row = 0;
  watch.next_question = next_question;
  watch.valid_from = next_question;
}

bool AddEvidence(Watch& watch, const CurrentVerification& current, const Evidence& evidence) {
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
