#pragma once

#include <functional>
#include <optional>
#include <string>

#include "webhook/core/advance/advance.h"
#include "webhook/core/advance/outcome.h"
#include "webhook/core/advance/watch.h"

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
  void Take(const OverridePrepared& prepared);
  void Take(const OverrideReported& reported);
  void Take(const OverridesReleased& released);
  void Take(const MarkedFalseAlarm& marked);
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
  bool RaiseWhileObserving();
  bool RaiseWhileVerifying();
  bool RaiseWhileHolding();
  bool RaiseWhileReleasing();
  bool RaiseWhileWatching();
  bool RaiseEnd();

  void Raise(IncidentEvent event);
  void Enter(IncidentState state);
  void Close(Closing closing);
  void DecideNow();
  Decision DecideOnce() const;
  void Skip(const Decision& decision);
  std::vector<RungQuestion> QuestionsWith(const std::string& verification) const;
  void Follow(const Decision& decision);
  void StartAttempt(const Decision& decision);
  void FinishAttempt(Attempt& attempt, const Receipt& receipt);
  void FinishObservation(Attempt& attempt, const ObservationReport& report);
  void Conclude(ActionVerdict verdict, const std::string& why);
  void TakeItCameBack(const std::string& why);
  void Log(TimelineEvent event);
  void NameAfter(const AlertRecord& alert);
  bool IsNamedByFiring() const;

  // What executors say about overrides.
  void HoldPrepared(Attempt& attempt, Override held);
  void BringBack(HeldOverride& one, const Result<Override>& held);
  void TakeApplied(HeldOverride& one, const OverrideReport& report);
  void TakeRenewed(HeldOverride& one, const OverrideReport& report);
  void TakeInspected(HeldOverride& one, Attempt& attempt, const OverrideReport& report);
  void TakeUndone(HeldOverride& one, const OverrideReport& report);
  void Retry(const HeldOverride& one, std::string_view change, const std::string& text);
  void Keep(HeldOverride& one, const Override& now);

  // What becomes of overrides.
  void StartHolding(HeldOverride& one);
  void Unwant(HeldOverride& one, const std::string& why);
  void UnwantWhere(const std::function<bool(const HeldOverride&)>& holds, const std::string& why);
  void ReviewHolds();
  void LetGo(const std::string& why);
  bool IsFirstUndoOpen() const;
  bool AllUndone(const std::string& why);
  void Drop(const HeldOverride& one);
  void AskOverrides();
  void Ask(const HeldOverride& one);

  // Letting go.
  bool RaiseWithoutData(const HeldOverride& one);
  bool Relapse(HeldOverride& one, const Hold& hold);
  void MoveTo(HeldOverride& one, const Hold& hold, size_t step);
  void FinishRelease(HeldOverride& one);
  bool Climb(const std::string& why);
  bool IsBlind(const HeldOverride& one) const;
  Time StepDue(const HeldOverride& one, const Hold& hold) const;

  const Rung* RungOf(const std::string& policy, size_t rung) const;
  const Hold* HoldOf(const HeldOverride& one) const;
  HeldOverride* FindHeld(const std::string& attempt_id);
  HeldOverride* Releasable();
  const Attempt* FindAttempt(const std::string& id) const;

  CurrentVerification Verifying() const { return VerificationNow(around_.policies, incident_); }
  bool Says(DataVerdict verdict) const { return DataSay(watch_, Verifying(), verdict); }
  const Policy* PolicyNow() const { return FindPolicy(around_.policies, incident_.labels); }
  Time VerificationDeadline(const Verification& verification) const;
  Action ToAction(const Attempt& attempt) const;
  // "Not happened" is final from then on.
  static Time FinalAt(const Attempt& attempt);
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
