#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "webhook/core/advance/advance_context.h"
#include "webhook/core/advance/held_overrides.h"
#include "webhook/core/advance/outcome.h"

namespace promheal::healing {

// Takes one incident through one advance: one stimulus, then every event that is due. It alone
// moves the incident through the table of states; see HeldOverrides for its overrides.
// incident_advance_stimuli.cc has the stimuli, _due.cc and _release.cc the events that time and
// data bring, _transitions.cc the states, _decisions.cc and _attempts.cc the steps of the ladder,
// _questions.cc the calls to make next.
class IncidentAdvance {
 public:
  IncidentAdvance(Incident& incident, Watch& watch, const Surroundings& around, Time now)
      : context_{incident, watch, around, now},
        overrides_(context_),
        incident_(incident),
        watch_(watch),
        around_(around),
        now_(now) {}
  IncidentAdvance(const IncidentAdvance&) = delete;
  IncidentAdvance& operator=(const IncidentAdvance&) = delete;

  void On(const TimePassed&) {}
  void On(const AlertsJoined& joined);
  void On(const ExecutionFinished& finished);
  void On(const ObservationFinished& finished);
  void On(const EvidenceGathered& gathered);
  void On(const OverridePrepared& prepared);
  void On(const OverrideReported& reported);
  void On(const OverridesReleased& released);
  void On(const MarkedFalseAlarm& marked);
  void On(const PoliciesChanged&);
  void On(const ProgramRestarted&);

  // Notes whether all alerts are resolved now.
  void NoteResolve();
  // Raises one event that is due; false if none is.
  bool RaiseDue();
  // Starts the calls that are due: to executors and to Prometheus.
  void CallWhatIsDue();
  // Call last: says when to advance again.
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
  bool RaiseWithoutData(const HeldOverride& override);

  // States.
  void Raise(IncidentEvent event);
  void Enter(IncidentState state);
  void Close(Closing closing);
  void NameAfter(const AlertRecord& alert);
  bool IsNamedByFiring() const;

  // Decisions.
  void DecideNow();
  Decision DecideOnce() const;
  void Skip(const Decision& decision);
  void Follow(const Decision& decision);

  // Attempts.
  void StartAttempt(const Decision& decision);
  void FinishAttempt(Attempt& attempt, const Receipt& receipt);
  void FinishObservation(Attempt& attempt, const ObservationReport& report);
  void Conclude(ActionVerdict verdict, const std::string& why);
  void ConcludeRelapse(const std::string& why);
  bool IsProbe(const Attempt& attempt) const;

  // Overrides.
  void LetGoAtOnce(const std::string& why);
  bool UndoAll();
  bool FinishRelease(const std::string& attempt_id, const std::string& why);
  bool Climb(const std::string& why);

  void AskPrometheus();
  std::vector<RungQuestion> QuestionsWith(const std::string& verification) const;
  void AddWakeTimesOfState(std::vector<Time>& times) const;
  Time VerificationDeadline(const Verification& verification) const;

  void Log(TimelineEvent event) { context_.Log(std::move(event)); }
  CurrentVerification Verifying() const { return context_.Verifying(); }
  bool Says(DataVerdict verdict) const { return context_.Says(verdict); }
  const Policy* PolicyNow() const { return FindPolicy(around_.policies, incident_.labels); }

  AdvanceContext context_;
  HeldOverrides overrides_;
  Incident& incident_;
  Watch& watch_;
  const Surroundings& around_;
  const Time now_;
  std::optional<Time> until_;  // The end of a decision to wait.
};

}  // namespace promheal::healing
