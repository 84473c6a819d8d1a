#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "webhook/core/alert.h"

namespace promheal::healing {

// One alert as Alertmanager has it now.
struct KnownAlert {
  AlertNotice notice;                    // Firing.
  std::vector<std::string> silenced_by;  // Ids of silences; an inhibited alert has none.
  bool active = true;                    // false: silenced, inhibited, or not processed yet.
};

// Reads what GET /api/v2/alerts answers; fields it does not know do not matter. kDataLoss with what
// is wrong, in a short line.
Result<std::vector<KnownAlert>> ParseKnownAlerts(std::string_view body);

}  // namespace promheal::healing
