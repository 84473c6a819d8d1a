#include "webhook/core/ladder.h"

#include <algorithm>

namespace promheal::healing {
namespace {

constexpr int kMaxNotHappened = 2;

int AttemptsUsed(const Incident& incident, const Policy& policy, size_t rung) {
  int used = 0;
  int not_happened = 0;
  for (const Attempt& attempt : incident.attempts) {
    if (attempt.policy != policy.name || attempt.rung != rung) continue;
    ++(attempt.state == AttemptState::kNotHappened ? not_happened : used);
  }
  return used + std::max(0, not_happened - kMaxNotHappened);
}

bool IsSkipped(const Incident& incident, const Policy& policy, size_t rung) {
  return std::find(incident.skipped.begin(), incident.skipped.end(),
                   SkippedRung{policy.name, rung}) != incident.skipped.end();
}

}  // namespace

std::optional<RungChoice> NextRung(const Policy& policy, const Incident& incident) {
  bool tried = false;  // On a lower rung.
  for (size_t rung = 0; rung < policy.ladder.size(); ++rung) {
    const int used = AttemptsUsed(incident, policy, rung);
    const bool left = used < policy.ladder[rung].attempts && !IsSkipped(incident, policy, rung);
    if (left && used > 0) return RungChoice{rung, DecisionReason::kSameRungAgain};
    if (left) {
      return RungChoice{rung, tried ? DecisionReason::kNextRung : DecisionReason::kFirstRung};
    }
    tried = tried || used > 0;
  }
  return std::nullopt;
}

}  // namespace promheal::healing
