#pragma once

#include <string_view>

#include "common/base/result.h"
#include "webhook/core/alert.h"

namespace promheal::healing {

// Parses the body of Alertmanager's webhook, version 4. Skips unknown fields, since newer
// Alertmanagers send more. A wrong field is kInvalidArgument, and the message names it:
//   alerts[2].startsAt: 'yesterday' is not a time: expected RFC 3339
Result<Delivery> ParseDelivery(std::string_view body);

}  // namespace promheal::healing
