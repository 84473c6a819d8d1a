#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "webhook/core/advance/advance_context.h"

namespace promheal::healing {

// The latest move of the release of an override.
enum class ReleaseMove {
  kNone,      // Nothing: it waits for data or for its time.
  kStepped,   // It went on, or back, by one step.
  kReleased,  // It is released for good, and forgotten.
  kGivenUp,   // The trouble keeps coming back; the override stays in force.
};
struct ReleaseResult {
  ReleaseMove move = ReleaseMove::kNone;
  std::string why = {};  // With kReleased and kGivenUp, for people.
};

// The overrides of one incident: puts them in force, renews them, releases them step by step, and
// undoes those that are no longer wanted. It never ends an attempt and never moves the incident to
// another state: IncidentAdvance does, by the returned answers.
class HeldOverrides {
 public:
  explicit HeldOverrides(AdvanceContext& context)
      : context_(context), incident_(context.incident), watch_(context.watch), now_(context.now) {}

  HeldOverride* Find(const std::string& attempt_id);
  // The override that is released next, or null.
  HeldOverride* Releasable();
  // The configured hold of the override; null if no policy holds it any more.
  const Hold* HoldOf(const HeldOverride& override) const;
  // While a probe is fully in force, nothing gets through that data could judge.
  bool IsBlind(const HeldOverride& override) const;
  // True while an override is being undone: the next action waits for that, unless an undo failed.
  bool IsUndoing() const;

  // Holds the prepared override of the attempt, or says why not. It is applied after this advance,
  // when it is durable.
  std::optional<std::string> Add(Attempt& attempt, Override prepared);
  // Its call is over. Returns false if the report is about an earlier step and must be dropped.
  bool EndCall(const HeldOverride& override, const OverrideReport& report);
  // The target relapsed while the override was lifted: the executor has prepared it again.
  void OnPreparedAgain(HeldOverride& override, const Result<Override>& prepared);
  // The first answer to an apply. Returns the receipt of the attempt.
  Receipt OnApplied(HeldOverride& override, const OverrideReport& report);
  void OnRenewed(HeldOverride& override, const OverrideReport& report);
  // Returns whether the attempt took place, unless it must be inspected again.
  std::optional<ObservationReport> OnInspected(HeldOverride& override, const Attempt& attempt,
                                               const OverrideReport& report);
  void OnUndone(HeldOverride& override, const OverrideReport& report);

  // Undoes overrides, again and again until nothing of them is left. `why` is for people.
  void WithdrawAll(const std::string& why);
  // All but those that their hold keeps after an escalation.
  void WithdrawUnkept(const std::string& why);
  // Those that no policy in mode auto holds any more.
  void WithdrawUnheld(const std::string& why);
  bool IsEmpty() const { return incident_.overrides.empty(); }

  // One move of the release of `override`, by the current evidence.
  ReleaseResult MoveRelease(HeldOverride& override, const Hold& hold);
  // Data recovered after this attempt: the overrides of other attempts may be released at once.
  void ReleaseOthersNow(const std::string& attempt_id);

  // Forgets the call that is under way: the attempt is observed instead.
  void ForgetCall(const std::string& attempt_id) { watch_.overrides.erase(attempt_id); }
  // Starts the calls that are due.
  void CallExecutors();
  // Adds the times at which something may be due.
  void AddWakeTimes(std::vector<Time>& times);

 private:
  void NoteInForce(HeldOverride& override);
  void Withdraw(HeldOverride& override, const std::string& why);
  void WithdrawIf(const std::function<bool(const HeldOverride&)>& goes, const std::string& why);
  void Drop(const HeldOverride& override);
  void Call(const HeldOverride& override);
  // Calls again later; logs only the first failure in a row.
  void RetryLater(const HeldOverride& override, std::string_view change, const std::string& text);
  void Update(HeldOverride& override, const Override& reported);
  void OnNotRenewed(HeldOverride& override, const OverrideReport& report);
  ReleaseResult Relapse(HeldOverride& override, const Hold& hold);
  void GoToStep(HeldOverride& override, const Hold& hold, size_t step);
  Time NextStepAt(const HeldOverride& override, const Hold& hold) const;
  void Log(const HeldOverride& override, std::string_view change, const std::string& text);

  AdvanceContext& context_;
  Incident& incident_;
  Watch& watch_;
  const Time now_;
};

}  // namespace promheal::healing
