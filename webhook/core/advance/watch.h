#pragma once

#include <map>
#include <optional>
#include <string>

#include "webhook/core/decision.h"
#include "webhook/core/incident.h"
#include "webhook/core/policy.h"

namespace promheal::healing {

// The verification that counts for an incident now: while verifying the attempt's, while holding or
// releasing an override that of its release, else the policy's. None while an action is under way,
// after closing, and if the policy has no conditions or no policy matches.
struct CurrentVerification {
  std::string name;
  const Verification* verification = nullptr;

  explicit operator bool() const { return verification != nullptr; }
};
CurrentVerification VerificationNow(const PolicySet& policies, const Incident& incident);

// The override that is released next: the first that is still wanted, or null.
const HeldOverride* NextToRelease(const Incident& incident);

// The healer's knowledge about an override beyond its record.
struct OverrideWatch {
  bool busy = false;  // A call about it is under way.
  Time next_call;
  int failures = 0;  // Calls in a row that failed.
};

// The healer's knowledge about an open incident beyond its ledger record; empty after a restart.
struct Watch {
  std::optional<Evidence> evidence;  // The last answer.
  int in_a_row = 0;                  // Answers in a row with its verdict.
  std::optional<Time> known_at;  // When data last gave a verdict; used while an override is held.
  bool asking = false;           // A question to Prometheus is under way.
  std::string asked_for;         // The verification of the last question.
  Time next_question;
  Time valid_from;         // Evidence from before does not count.
  bool observing = false;  // An observation is under way.
  Time next_observation;
  std::map<std::string, OverrideWatch> overrides;  // By attempt id.
};

// Drops the evidence, because the situation has changed since, and asks again at `next_question`.
void DropEvidence(Watch& watch, Time next_question);

// Adds an answer. False if it is not about `current`, or from before `valid_from`: then it is lost.
bool AddEvidence(Watch& watch, const CurrentVerification& current, const Evidence& evidence);

// Whether data gave this verdict as often in a row as the verification requires.
bool DataSay(const Watch& watch, const CurrentVerification& current, DataVerdict verdict);

}  // namespace promheal::healing
