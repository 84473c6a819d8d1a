#pragma once

#include <string>

#include "webhook/core/advance/advance.h"
#include "webhook/core/advance/watch.h"

namespace promheal::healing {

// One incident at one moment: the data that the parts of Advance share, and the result that they
// fill.
struct AdvanceContext {
  Incident& incident;
  Watch& watch;
  const Surroundings& around;
  const Time now;
  Advanced advanced = {};

  // Appends to the timeline and to `advanced.news`.
  void Log(TimelineEvent event);

  CurrentVerification Verifying() const { return VerificationNow(around.policies, incident); }
  // Whether data gave this verdict as often in a row as the current verification requires.
  bool Says(DataVerdict verdict) const { return DataSay(watch, Verifying(), verdict); }
  // Something has just been changed: drops the evidence and asks again once that has settled.
  void LetSettle();

  // Null if the policy or the rung is no longer configured.
  const Rung* RungOf(const std::string& policy, size_t rung) const;
  // The last attempt, if its id is `id` and its outcome is still open; else null.
  Attempt* AttemptUnderWay(const std::string& id);
  Action ToAction(const Attempt& attempt) const;
};

// From then on the attempt's call cannot be under way any more, so "not happened" is final.
Time FinalAt(const Attempt& attempt);

}  // namespace promheal::healing
