#pragma once

#include <memory>
#include <string>
#include <vector>

#include "webhook/executors/haproxy/haproxy_executor.h"

namespace promheal::healing {

// An executor that speaks to these runtime sockets, on the system's clock.
std::unique_ptr<OverrideExecutor> ExecutorOn(std::vector<std::string> sockets,
                                             HaproxyOptions options);

// An action, each with an intent of its own, on a service or on one instance of it.
Action ActionOn(const std::string& service, const std::string& instance = "");

}  // namespace promheal::healing
