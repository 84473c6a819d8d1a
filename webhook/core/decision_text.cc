#include "webhook/core/decision_text.h"

#include <fmt/core.h>

#include <string_view>

namespace promheal::healing {
namespace {

constexpr std::string_view kNotYet = "did nothing yet, because ";

std::string TextOf(DecisionReason reason, const std::string& why) {
  switch (KindOf(reason)) {
    case DecisionKind::kHeal:
      return why;
    case DecisionKind::kSkip:
      return fmt::format("skips {}", why);
    case DecisionKind::kWait:
      return fmt::format("{}{}", kNotYet, why);
    case DecisionKind::kRefuse:
      break;
  }
  return fmt::format("did nothing, because {}{}", why,
                     CallsHuman(reason) ? ": a human is needed" : "");
}

}  // namespace

Decision Because(DecisionReason reason, const std::string& why) {
  Decision decision;
  decision.kind = KindOf(reason);
  decision.reason = reason;
  decision.text = TextOf(reason, why);
  return decision;
}

std::string WhyNotYet(const Decision& wait) { return wait.text.substr(kNotYet.size()); }

std::string Said(const std::string& words) { return words.empty() ? "" : ", who said: " + words; }

}  // namespace promheal::healing
