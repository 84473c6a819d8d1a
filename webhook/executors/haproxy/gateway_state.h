#pragma once

#include <string>
#include <vector>

#include "common/base/result.h"
#include "webhook/core/override/override.h"
#include "webhook/executors/haproxy/haproxy_options.h"
#include "webhook/executors/haproxy/runtime/runtime_session.h"

namespace promheal::healing {

// The overrides that are in force in one HAProxy.
struct GatewayState {
  std::string run;                 // As in OverrideChange.
  std::vector<Override> in_force;  // One change each, by `keeper`.
};

// Reads the overrides that `options.operation` could have made: entries of its table or map; slots
// that are drained, in maintenance, or serve as spares, unlike their configuration; weights that
// differ from the configured ones. None for ready and scale_in, which restore the configuration,
// and none for set_maxconn, add_server and del_server: HAProxy does not show their configuration.
Result<GatewayState> ReadGateway(RuntimeSession& session, const HaproxyOptions& options,
                                 const std::string& keeper, Time now);

}  // namespace promheal::healing
