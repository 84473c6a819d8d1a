#include "webhook/core/order.h"

namespace promheal::healing {

std::string_view ToString(OrderKind kind) {
  switch (kind) {
    case OrderKind::kPause:
      return "pause";
    case OrderKind::kResume:
      return "resume";
    case OrderKind::kFreeze:
      return "freeze";
    case OrderKind::kUnfreeze:
      return "unfreeze";
    case OrderKind::kFalseAlarm:
      return "false_alarm";
    case OrderKind::kRelease:
      return "release";
  }
  return "unknown";
}

}  // namespace promheal::healing
