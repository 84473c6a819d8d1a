#pragma once

#include <string>
#include <string_view>

#include "common/base/labels.h"
#include "common/base/result.h"
#include "common/base/time.h"

namespace promheal::healing {

// Everything that an executor learns of a decision.
struct Action {
  std::string id;    // Unique for each intent: an idempotency key, if the other side accepts one.
  std::string name;  // As configured: "restart".
  Labels target;
  Labels labels;  // Values for `{label}`: the naming alert's labels, overlaid by the target's.
  Time intended_at;
};

// The result of a call.
enum class ActionResult {
  kDone,     // Carried out.
  kFailed,   // The other side refused. Part of it may have taken effect.
  kUnknown,  // The deadline passed or the answer was lost. Observe may find out.
};
std::string_view ToString(ActionResult result);  // "done", "failed", "unknown"
// The result of a call that failed: kUnknown if it may have been carried out all the same.
ActionResult ResultOf(const Error& error);

struct Receipt {
  ActionResult result = ActionResult::kUnknown;
  std::string detail;  // One line for people: "exit status 0: orders-1: started".
};

// Whether an action has taken place since its intent.
enum class Observation { kHappened, kNotHappened, kUnknown };
std::string_view ToString(Observation observation);  // "happened", "not_happened", "unknown"

struct ObservationReport {
  Observation observation = Observation::kUnknown;
  std::string detail;
};

}  // namespace promheal::healing
