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

// Adds containers as servers to HAProxies, by their add_server, and removes them again. A server
// has the name of its container: any server of that name is ours.
class GatewayMembership {
 public:
  GatewayMembership(GatewayRegistration registration, std::vector<Gateway> gateways,
                    const Clock& clock)
      : registration_(std::move(registration)), gateways_(std::move(gateways)), clock_(clock) {}

  bool empty() const { return gateways_.empty(); }
  bool Holds(const std::string& keeper) const;  // Whether it is one of these HAProxies.

  // The backend for these labels. kInvalidArgument if its name may not be put into a command.
  Result<std::string> BackendOf(const Labels& labels) const;

  // The changes that Join would make, one for each HAProxy, still without the address. Writes
  // nothing. kFailedPrecondition if there is such a server already, unless `again`.
  Result<std::vector<OverrideChange>> Plan(const std::string& backend, const std::string& container,
                                           Duration end, bool again) const;
  ChangeReport Join(const OverrideChange& change, const std::string& address, Duration end) const;
  ChangeReport Leave(const OverrideChange& change, Duration end) const;
  ChangeReport Inspect(const OverrideChange& change, Duration end) const;

  // Removes any server with the container's name.
  Status LeaveAll(const std::string& backend, const std::string& container, Duration end) const;

 private:
  RuntimeSession SessionWith(const Gateway& gateway, Duration end) const;
  const Gateway* Find(const std::string& keeper) const;

  GatewayRegistration registration_;
  std::vector<Gateway> gateways_;
  const Clock& clock_;
};

}  // namespace promheal::healing
