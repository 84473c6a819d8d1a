#pragma once

#include <string>
#include <string_view>

#include "common/base/labels.h"
#include "common/base/time.h"

namespace promheal::healing {

// All that an executor gets to see.
struct Action {
  std::string id;    // Unique for each intent: an idempotency key where the other side takes one.
  std::string name;  // As configured: "restart".
  Labels target;
  Labels labels;  // The naming alert's labels with the target's on top: values for `{label}`.
  Time intended_at;
};

// What came of a call.
enum class ActionResult {
  kDone,     // Carried out.
  kFailed,   // Tried, and the other side said no. It may have had some effect.
  kUnknown,  // The deadline passed or the answer was lost. Observe tells, perhaps.
};
std::string_view ToString(ActionResult result);  // "done", "failed", "unknown"

struct Receipt {
  ActionResult result = ActionResult::kUnknown;
  std::string detail;  // One line for people: "exit status 0: orders-1: started".
};

// Whether an action that was intended has taken place since its intent.
enum class Observation { kHappened, kNotHappened, kUnknown };
std::string_view ToString(Observation observation);  // "happened", "not_happened", "unknown"

struct ObservationReport {
  Observation observation = Observation::kUnknown;
  std::string detail;
};

}  // namespace promheal::healing
