#pragma once

#include "common/base/result.h"
#include "common/io/http/http_server.h"
#include "webhook/config/config.h"
#include "webhook/core/order.h"

namespace promheal::healing {

// Reads what an order needs, from the query (`?target=service=orders&duration=2h&reason=...`) or
// from a JSON body ({"target": {"service": "orders"}, "duration": "2h", "reason": "..."}), or from
// both, each parameter in one of them; the last counts where the query has one twice. Anything
// unknown, missing or out of bounds is an error that says so.
// A target is checked against the labels that make one. `by` and, where the path names it,
// `incident_id` are the caller's.
Result<Order> ParseOrder(OrderKind kind, const HttpServerRequest& request,
                         const HealingConfig& config);

}  // namespace promheal::healing
