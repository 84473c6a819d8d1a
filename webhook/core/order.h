#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/labels.h"
#include "common/base/time.h"

namespace promheal::healing {

enum class OrderKind { kPause, kResume, kFreeze, kUnfreeze, kFalseAlarm, kRelease };
std::string_view ToString(OrderKind kind);  // "pause", ...: log value and metric label.

// What a person tells the healer to do. Durable before it is confirmed.
struct Order {
  OrderKind kind = OrderKind::kPause;
  std::string by;           // Who has authenticated; never empty.
  std::string from;         // The address that it came from, a proxy's where there is one; or "".
  std::string why;          // "" where nothing was said.
  Labels target;            // With kFreeze, kUnfreeze, kRelease.
  std::string incident_id;  // With kFalseAlarm, kRelease. kRelease with neither: everything.
  Duration duration{0};     // Of the freeze, with kFreeze and kRelease.
};

// What came of an order that was carried out.
struct OrderReport {
  bool changed = false;                // false: it was so already.
  std::string text;                    // For people.
  std::vector<std::string> incidents;  // Ids of those that it changed.
};

}  // namespace promheal::healing
