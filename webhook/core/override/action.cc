#include "webhook/core/override/action.h"

namespace promheal::healing {

std::string_view ToString(ActionResult result) {
  switch (result) {
    case ActionResult::kDone:
      return "done";
    case ActionResult::kFailed:
      return "failed";
    case ActionResult::kUnknown:
      return "unknown";
  }
  return "unknown";
}

ActionResult ResultOf(const Error& error) {
  return error.code == ErrorCode::kTimeout || error.code == ErrorCode::kDataLoss
             ? ActionResult::kUnknown
             : ActionResult::kFailed;
}

std::string_view ToString(Observation observation) {
  switch (observation) {
    case Observation::kHappened:
      return "happened";
    case Observation::kNotHappened:
      return "not_happened";
    case Observation::kUnknown:
      return "unknown";
  }
  return "unknown";
}

}  // namespace promheal::healing
