#pragma once

#include <string>
#include <vector>

#include "common/base/result.h"
#include "webhook/core/override/override.h"
#include "webhook/executors/haproxy/haproxy_options.h"
#include "webhook/executors/haproxy/runtime/runtime_session.h"

namespace promheal::healing {

// What one HAProxy says when it is asked what is in force.
struct GatewayState {
  std::string run;                 // As in OverrideChange.
  std::vector<Override> in_force;  // One change each, by `keeper`.
};

// All that is in force of the kind that an operation makes: entries of its table or map; slots that
// are drained, in maintenance, or in service as spares, against what the configuration says;
// weights other than configured. Nothing for ready and scale_in, which restore what is configured,
// and for set_maxconn, add_server and del_server, since HAProxy does not say what is configured.
Result<GatewayState> ReadGateway(RuntimeSession& session, const HaproxyOptions& options,
                                 const std::string& keeper, Time now);

}  // namespace promheal::healing
