#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/labels.h"
#include "common/base/time.h"

namespace promheal::healing {

enum class OrderKind { kPause, kResume, kFreeze, kUnfreeze, kFalseAlarm, kRelease };
std::string_view ToString(OrderKind kind);  // "pause", ...: log value and metric label.

// An order of a person to the healer. It is durable before it is confirmed.
struct Order {
  OrderKind kind = OrderKind::kPause;
  std::string by;           // The authenticated person; never empty.
  std::string from;         // The client's address, or its proxy's; may be "".
  std::string why;          // "" if the person gave no reason.
  Labels target;            // With kFreeze, kUnfreeze, kRelease.
  std::string incident_id;  // With kFalseAlarm, kRelease. kRelease without target and id: all.
  Duration duration{0};     // How long the freeze lasts, with kFreeze and kRelease.
};

// The result of an order.
struct OrderReport {
  bool changed = false;                // false: it already was so.
  std::string text;                    // For people.
  std::vector<std::string> incidents;  // Ids of the changed incidents.
};

}  // namespace promheal::healing
