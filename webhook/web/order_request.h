#pragma once

#include "common/base/result.h"
#include "common/io/http/http_server.h"
#include "webhook/config/config.h"
#include "webhook/core/order.h"

namespace promheal::healing {

// Reads the parameters of an order from the query
// (`?target=service=orders&duration=2h&reason=...`), from a JSON body ({"target": {"service":
// "orders"}, "duration": "2h", "reason": "..."}), or from both, if no parameter is in both. If the
// query repeats a parameter, the last one counts. Unknown, missing and out-of-range parameters are
// errors. A target must have the labels that name targets. The caller fills in `by` and, if the
// path names it, `incident_id`.
Result<Order> ParseOrder(OrderKind kind, const HttpServerRequest& request,
                         const HealingConfig& config);

}  // namespace promheal::healing
