#pragma once

#include <map>
#include <optional>
#include <string>

#include "webhook/core/decision.h"
#include "webhook/core/incident.h"
#include "webhook/core/policy.h"

namespace promheal::healing {

// Which verification matters to an incident now: while verifying that of the attempt, while
// something is held or released that of its release, else that of its policy. Nothing while an
// action is under way, after closing, and where no policy asks anything.
struct CurrentVerification {
  std::string name;
  const Verification* verification = nullptr;

  explicit operator bool() const { return verification != nullptr; }
};
CurrentVerification VerificationNow(const PolicySet& policies, const Incident& incident);

// What is to be released next: the first of the overrides that are wanted. Null where there is
// none.
const HeldOverride* NextToRelease(const Incident& incident);

// What is known about an override beyond its record.
struct OverrideWatch {
  bool busy = false;  // A call about it is under way.
  Time next_call;
  int failures = 0;  // Calls in a row that did not come to what they were for.
};

// What is known about an open incident beyond its ledger record; empty again after a restart.
struct Watch {
  std::optional<Evidence> evidence;  // The last answer.
  int in_a_row = 0;                  // Answers with the same verdict, one after the other.
  std::optional<Time> known_at;  // When data last said anything at all, while something is held.
  bool asking = false;           // A question to Prometheus is under way,
  std::string asked_for;         // and for which verification the last one was.
  Time next_question;
  Time valid_from;         // Answers to questions from before tell nothing.
  bool observing = false;  // An observation is under way.
  Time next_observation;
  std::map<std::string, OverrideWatch> overrides;  // By attempt.
};

// Forgets what data said so far, because something has changed since; asks again at
// `next_question`.
void DropEvidence(Watch& watch, Time next_question);

// Takes in an answer; false where it is not about `current`, or from before DropEvidence.
bool AddEvidence(Watch& watch, const CurrentVerification& current, const Evidence& evidence);

// Whether data have said so as often in a row as the verification asks for.
bool DataSay(const Watch& watch, const CurrentVerification& current, DataVerdict verdict);

}  // namespace promheal::healing
