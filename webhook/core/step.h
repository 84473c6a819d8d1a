#pragma once

#include <optional>
#include <string>

#include "webhook/core/advance.h"
#include "webhook/core/outcome.h"
#include "webhook/core/watch.h"

namespace promheal::healing {

// The working part of Advance: one incident, one stimulus, one moment. What comes from outside is
// in step_stimuli.cc, what is due by itself in step_due.cc, moving through the table of states in
// step_transitions.cc, what is asked of the world next in step_questions.cc.
class Step {
 public:
  Step(Incident& incident, Watch& watch, const Surroundings& around, Time now)
      : incident_(incident), watch_(watch), around_(around), now_(now) {}

  void Take(const TimePassed&) {}
  void Take(const AlertsJoined& joined);
  void Take(const ExecutionFinished& finished);
  void Take(const ObservationFinished& finished);
  void Take(const EvidenceGathered& gathered);
  void Take(const PoliciesChanged&);
  void Take(const ProgramRestarted&);

  // Since when all alerts are resolved follows from the alerts.
  void NoteResolve();
  // Raises one event that is due; false where none is.
  bool RaiseDue();
  void AskWhatIsDue();
  Advanced Finish();

 private:
  bool RaiseWhileCollecting();
  bool RaiseWhilePending();
  bool RaiseWhileActing();
  bool RaiseWhileVerifying();
  bool RaiseWhileHolding();
  bool RaiseWhileWatching();
  bool RaiseEnd();

  void Raise(IncidentEvent event);
  void Enter(IncidentState state);
  void Close(Closing closing);
  void DecideNow();
  void Follow(const Decision& decision);
  void StartAttempt(const Decision& decision);
  void Conclude(ActionVerdict verdict, const std::string& why);
  void Log(TimelineEvent event);
  void NameAfter(const AlertRecord& alert);

  CurrentVerification Verifying() const { return VerificationNow(around_.policies, incident_); }
  bool Says(DataVerdict verdict) const { return DataSay(watch_, Verifying(), verdict); }
  const Policy* PolicyNow() const { return FindPolicy(around_.policies, incident_.labels); }
  Time VerificationDeadline(const Verification& verification) const;
  Action ToAction(const Attempt& attempt) const;
  // The last attempt, where it is `id` and its outcome is still open; else null.
  Attempt* AttemptUnderWay(const std::string& id);

  Incident& incident_;
  Watch& watch_;
  const Surroundings& around_;
  const Time now_;
  std::optional<Time> until_;  // Of the last Wait.
  Advanced advanced_;
};

}  // namespace promheal::healing
