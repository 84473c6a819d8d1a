#include <fmt/core.h>

#include <algorithm>
#include <cassert>

#include "webhook/core/advance/step.h"
#include "webhook/core/advance/timeline.h"
#include "webhook/core/cooldown.h"

namespace promheal::healing {
namespace {

using Event = IncidentEvent;
using State = IncidentState;

// After these, what data said before is still about what is there now.
bool KeepsEvidence(Event event) {
  return event == Event::kWindowElapsed || event == Event::kDataNotRecovered;
}

// Of a wait its end is none, since that may move with each answer; but that of maintenance moves
// only where people move it.
bool IsNews(const std::optional<Decision>& last, const Decision& decision) {
  const bool moved =
      last && decision.reason == DecisionReason::kMaintenance && last->until != decision.until;
  return decision.kind == DecisionKind::kHeal || !last || last->reason != decision.reason ||
         last->action != decision.action || last->policy != decision.policy || moved;
}

}  // namespace

void Step::Raise(Event event) {
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

void Step::Enter(State state) {
  advanced_.changed = true;
  incident_.state = state;
  incident_.state_since = now_;
  if (state == State::kHolding && !incident_.recovered_at) incident_.recovered_at = now_;
  if (state == State::kEscalated) incident_.escalated_at = now_;
  if (state == State::kObserving) {
    watch_.next_observation = now_;
    watch_.overrides.erase(incident_.attempts.back().id);  // Its answer is not waited for any more.
  }
  if (state == State::kWatching) UnwantWhere(IsWanted, "nothing is to be done by us");
  if (state == State::kEscalated) {
    const auto goes = [this](const HeldOverride& one) {
      const Hold* hold = HoldOf(one);
      return hold == nullptr || !hold->keep_when_escalated;
    };
    UnwantWhere(goes, "a human was called");
  }
  if (state == State::kVerifying) {
    const CurrentVerification current = Verifying();
    DropEvidence(watch_, now_ + (current ? current.verification->settle : Duration(0)));
  }
}

void Step::Close(Closing closing) {
  const Ending ending = EndingOf(incident_, closing);
  if (Says(DataVerdict::kRecovered) && !incident_.recovered_at) incident_.recovered_at = now_;
  Enter(State::kClosed);
  incident_.closed_at = now_;
  incident_.outcome = ending.outcome;
  incident_.outcome_reason = ending.reason;
  Log(ClosedEvent(now_, incident_, ending));
}

Decision Step::DecideOnce() const {
  const bool firing = std::any_of(around_.alerts.begin(), around_.alerts.end(),
                                  [](const AlertRecord* alert) { return IsFiring(*alert); });
  return Decide({.incident = incident_,
                 .any_alert_firing = firing,
                 .policies = around_.policies,
                 .ledger = around_.ledger,
                 .budget = around_.budget,
                 .evidence = watch_.evidence,
                 .infeasible = around_.infeasible,
                 .busy_instance = around_.busy_instance,
                 .silenced_by = around_.silenced_by},
                now_);
}

void Step::DecideNow() {
  // What people hold up is no waiting; that begins when they let go.
  if (incident_.last_decision && IsHeldUp(incident_.last_decision->reason)) {
    incident_.state_since = now_;
  }
  Decision decision = DecideOnce();
  while (decision.kind == DecisionKind::kSkip) {
    Skip(decision);
    decision = DecideOnce();
  }
  if (IsNews(incident_.last_decision, decision)) {
    incident_.last_decision = decision;
    Log(DecisionEvent(now_, decision));
  }
  // What there is was not asked for all that has to be known.
  if (decision.reason == DecisionReason::kNoEvidence && watch_.evidence) {
    watch_.next_question = now_;
  }
  Follow(decision);
}

void Step::Skip(const Decision& decision) {
  incident_.skipped.push_back({decision.policy, decision.rung});
  incident_.last_decision = decision;
  Log(DecisionEvent(now_, decision));
}

void Step::Follow(const Decision& decision) {
  if (decision.kind == DecisionKind::kWait) {
    until_ = decision.until;
    Raise(Event::kDecidedWait);
  } else if (decision.kind == DecisionKind::kHeal) {
    StartAttempt(decision);
    Raise(Event::kDecidedHeal);
  } else if (CallsHuman(decision.reason)) {
    // Where nothing was tried, another incident may find that something can be.
    if (decision.reason == DecisionReason::kLadderExhausted && !incident_.attempts.empty()) {
      advanced_.effects.emplace_back(
          FreezeTarget{now_ + PolicyNow()->freeze, std::string(ToString(decision.reason))});
    }
    Raise(Event::kDecidedEscalate);
  } else {
    Raise(Event::kDecidedRefuse);
  }
}

void Step::StartAttempt(const Decision& decision) {
  const Rung& rung = PolicyNow()->ladder[decision.rung];
  const Duration timeout = TimeoutOf(around_.policies, rung.action);
  Attempt attempt;
  attempt.id = fmt::format("{}/{}", incident_.id, incident_.attempts.size() + 1);
  attempt.policy = decision.policy;
  attempt.rung = decision.rung;
  attempt.action = rung.action;
  attempt.intended_at = now_;
  attempt.deadline = now_ + timeout;
  attempt.holds = rung.hold.has_value();
  incident_.attempts.push_back(attempt);
  Log(IntentEvent(now_, attempt, incident_.target.ToDisplayName()));
  const auto uses = around_.ledger.uses.find(rung.action);
  const Duration cooldown =
      CooldownAfter(rung, uses == around_.ledger.uses.end() ? 0 : uses->second);
  advanced_.effects.emplace_back(StartCooldown{rung.action, attempt.id, now_, now_ + cooldown});
  if (attempt.holds) {
    advanced_.effects.emplace_back(PrepareOverride{ToAction(attempt), timeout});
  } else {
    advanced_.effects.emplace_back(ExecuteAction{ToAction(attempt), timeout});
  }
}

void Step::Conclude(ActionVerdict verdict, const std::string& why) {
  Attempt& attempt = incident_.attempts.back();
  attempt.verdict = verdict;
  Log(VerdictEvent(now_, attempt, why));
}

void Step::NameAfter(const AlertRecord& alert) {
  incident_.labels = alert.labels;
  incident_.scenario = alert.labels.Get("scenario");
  advanced_.changed = true;
}

void Step::Log(TimelineEvent event) {
  advanced_.news.push_back(event);
  AppendEvent(incident_, std::move(event));
  advanced_.changed = true;
}

}  // namespace promheal::healing
