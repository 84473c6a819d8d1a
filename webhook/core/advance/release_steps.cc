#include "webhook/core/advance/release_steps.h"

#include <algorithm>

namespace promheal::healing {

size_t LastStep(const Hold& hold) { return hold.release.size() + 1; }

int PercentOf(const HeldOverride& override, const Hold& hold, size_t step) {
  if (step == 0) return override.full_percent;
  return step <= hold.release.size() ? std::min(hold.release[step - 1], override.full_percent) : 0;
}

Duration BackOff(const Hold& hold, int relapses) {
  Duration wait = std::max(hold.at_least, hold.step);
  for (int i = 0; i < relapses && wait < hold.at_most; ++i) wait *= 2;
  return std::min(wait, std::max(hold.at_most, hold.at_least));
}

}  // namespace promheal::healing
