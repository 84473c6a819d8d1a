#include "webhook/core/ladder.h"

#include <algorithm>

namespace promheal::healing {
namespace {

constexpr int kMaxNotHappened = 2;

// How many of the rung's attempts this incident has used up.
int AttemptsUsed(const Incident& incident, const Policy& policy, size_t rung) {
  int used = 0;
  int not_happened = 0;
  for (const Attempt& attempt : incident.attempts) {
    if (attempt.policy != policy.name || attempt.rung != rung) continue;
    ++(attempt.state == AttemptState::kNotHappened ? not_happened : used);
  }
  return used + std::max(0, not_happened - kMaxNotHappened);
}

}  // namespace

std::optional<LadderStep> NextStep(const Policy& policy, const Incident& incident) {
  for (size_t rung = 0; rung < policy.ladder.size(); ++rung) {
    const int used = AttemptsUsed(incident, policy, rung);
    if (used >= policy.ladder[rung].attempts) continue;
    if (used > 0) return LadderStep{rung, DecisionReason::kSameRungAgain};
    return LadderStep{rung, rung == 0 ? DecisionReason::kFirstRung : DecisionReason::kNextRung};
  }
  return std::nullopt;
}

}  // namespace promheal::healing
