#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/base/labels.h"
#include "common/io/clock.h"
#include "webhook/executors/docker/docker_options.h"
#include "webhook/executors/haproxy/change.h"
#include "webhook/executors/haproxy/haproxy_executor.h"

namespace promheal::healing {

// Makes containers known to HAProxies as servers, by add_server of theirs, and takes them out
// again. A server is named after its container, so that whatever has that name is ours.
class GatewayMembership {
 public:
  GatewayMembership(GatewayRegistration registration, std::vector<Gateway> gateways,
                    const Clock& clock)
      : registration_(std::move(registration)), gateways_(std::move(gateways)), clock_(clock) {}

  bool empty() const { return gateways_.empty(); }
  bool Holds(const std::string& keeper) const;  // Whether it is one of ours.

  // The backend that the labels lead to. kInvalidArgument where it may not be put into a command.
  Result<std::string> BackendOf(const Labels& labels) const;

  // What joining would change, one change for each HAProxy; nothing is written. The address is not
  // known yet. kFailedPrecondition where there is such a server already, unless `again`.
  Result<std::vector<OverrideChange>> Plan(const std::string& backend, const std::string& container,
                                           Duration end, bool again) const;
  ChangeReport Join(const OverrideChange& change, const std::string& address, Duration end) const;
  ChangeReport Leave(const OverrideChange& change, Duration end) const;
  ChangeReport Inspect(const OverrideChange& change, Duration end) const;

  // Takes out whatever server has the container's name.
  Status LeaveAll(const std::string& backend, const std::string& container, Duration end) const;

 private:
  RuntimeSession SessionWith(const Gateway& gateway, Duration end) const;
  const Gateway* Find(const std::string& keeper) const;

  GatewayRegistration registration_;
  std::vector<Gateway> gateways_;
  const Clock& clock_;
};

}  // namespace promheal::healing
