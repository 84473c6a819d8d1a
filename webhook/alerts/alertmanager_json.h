#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "webhook/core/alert.h"

namespace promheal::healing {

// An alert in Alertmanager's API.
struct KnownAlert {
  AlertNotice notice;                    // Firing.
  std::vector<std::string> silenced_by;  // Ids of silences; an inhibited alert has none.
  bool active = true;                    // False if silenced, inhibited, or not processed yet.
};

// Parses the answer of GET /api/v2/alerts; skips unknown fields. kDataLoss with a short message.
Result<std::vector<KnownAlert>> ParseKnownAlerts(std::string_view body);

}  // namespace promheal::healing
