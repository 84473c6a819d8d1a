#include "webhook/core/cooldown.h"

#include <algorithm>
#include <cmath>

namespace promheal::healing {

int CountUses(const std::vector<ActionUse>& uses, Time now) {
  return static_cast<int>(std::count_if(uses.begin(), uses.end(), [&](const ActionUse& use) {
    return use.at > now - kUsesRemembered;
  }));
}

void AddUse(std::vector<ActionUse>& uses, const ActionUse& use) {
  std::erase_if(uses, [&](const ActionUse& old) { return old.at <= use.at - kUsesRemembered; });
  uses.push_back(use);
}

Duration CooldownAfter(const Rung& rung, int uses_before) {
  const Duration longest = std::max(rung.cooldown, rung.cooldown_max);
  const double grown = static_cast<double>(rung.cooldown.count()) *
                       std::pow(rung.cooldown_factor, static_cast<double>(uses_before));
  if (!(grown < static_cast<double>(longest.count()))) return longest;
  return Duration(std::llround(grown));
}

}  // namespace promheal::healing
