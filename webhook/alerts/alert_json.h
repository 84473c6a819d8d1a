#pragma once

#include <string_view>

#include "common/base/result.h"
#include "webhook/core/alert.h"

namespace promheal::healing {

// The body of Alertmanager's webhook, version 4. Fields that are not known are skipped, since newer
// Alertmanagers send more; what is needed and wrong is kInvalidArgument and named exactly:
//   alerts[2].startsAt: 'yesterday' is not a time: expected RFC 3339
Result<Delivery> ParseDelivery(std::string_view body);

}  // namespace promheal::healing
