#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/base/time.h"
#include "webhook/core/policy.h"
#include "webhook/core/verdict.h"

namespace promheal::healing {

// The last answer of Prometheus about an incident.
struct Evidence {
  DataVerdict verdict = DataVerdict::kUnknown;
  Time at;
  std::string text;
  std::string verification;                       // The name of the verification that was asked.
  std::map<std::string, Judgement> answers = {};  // By RungQuestion::name.
};

// "crash" for a policy's own verification, "crash/restart" for that of one of its rungs. Evidence
// counts only for the verification for which it was gathered.
std::string VerificationName(const Policy& policy);
std::string VerificationName(const Policy& policy, size_t rung);
// "crash/throttle/release" if the rung's hold has a verification of its own.
std::string ReleaseVerificationName(const Policy& policy, size_t rung);

// A question that must be answered before a rung may be used: is its `requires` met, or would
// enough remain healthy?
struct RungQuestion {
  std::string name;
  std::vector<Condition> conditions;  // All of them must hold.
};
std::vector<RungQuestion> RungQuestions(const Policy& policy);
std::string RequiredName(const Policy& policy, size_t rung);    // "crash/0 restart/requires"
std::string MinHealthyName(const Policy& policy, size_t rung);  // "crash/0 restart/min_healthy"

// The evidence, if it is about this policy's verification and not too old; else null.
const Evidence* FreshEvidence(const std::optional<Evidence>& evidence, const Policy& policy,
                              Time now);
// The answer to the RungQuestion of that name; null if it was not asked.
const Judgement* AnswerTo(const std::optional<Evidence>& evidence, const std::string& question);

}  // namespace promheal::healing
