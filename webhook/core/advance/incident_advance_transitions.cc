#include <cassert>

#include "webhook/core/advance/incident_advance.h"
#include "webhook/core/advance/timeline.h"

namespace promheal::healing {
namespace {

using Event = IncidentEvent;
using State = IncidentState;

// After these events the evidence still describes the current situation.
bool KeepsEvidence(Event event) {
  return event == Event::kWindowElapsed || event == Event::kDataNotRecovered;
}

}  // namespace

void IncidentAdvance::Raise(Event event) {
  const std::optional<State> next = NextState(incident_.state, event);
  assert(next.has_value() && "raised an event that its state does not know");
  if (!next || *next == incident_.state) return;
  if (*next == State::kClosed) {
    Close(event == Event::kAllClear ? Closing::kConfirmed : Closing::kUnconfirmed);
    return;
  }
  Enter(*next);
  if (*next == State::kPending && !KeepsEvidence(event)) DropEvidence(watch_, now_);
}

void IncidentAdvance::Enter(State state) {
  context_.advanced.changed = true;
  incident_.state = state;
  incident_.state_since = now_;
  if (state == State::kHolding && !incident_.recovered_at) incident_.recovered_at = now_;
  if (state == State::kEscalated) incident_.escalated_at = now_;
  if (state == State::kObserving) {
    watch_.next_observation = now_;
    overrides_.ForgetCall(incident_.attempts.back().id);
  }
  if (state == State::kWatching) overrides_.WithdrawAll("the healer will not act any more");
  if (state == State::kEscalated) overrides_.WithdrawUnkept("a human was called");
  if (state == State::kVerifying) context_.LetSettle();
}

void IncidentAdvance::Close(Closing closing) {
  const Ending ending = EndingOf(incident_, closing);
  if (Says(DataVerdict::kRecovered) && !incident_.recovered_at) incident_.recovered_at = now_;
  Enter(State::kClosed);
  incident_.closed_at = now_;
  incident_.outcome = ending.outcome;
  incident_.outcome_reason = ending.reason;
  Log(ClosedEvent(now_, incident_, ending));
}

void IncidentAdvance::NameAfter(const AlertRecord& alert) {
  incident_.labels = alert.labels;
  incident_.scenario = alert.labels.Get("scenario");
  context_.advanced.changed = true;
}

}  // namespace promheal::healing
