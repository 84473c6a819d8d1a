#pragma once

#include <string>

#include "webhook/core/decision.h"

namespace promheal::healing {

// A decision of the reason's kind. Its text is a whole sentence around `why`, such as "did nothing
// yet, because <why>".
Decision Because(DecisionReason reason, const std::string& why);
// The `why` of a decision to wait.
std::string WhyNotYet(const Decision& wait);
// ", who said: deploy" for the words of a person; "" if there are none.
std::string Said(const std::string& words);

}  // namespace promheal::healing
