#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/io/http/http_server.h"

namespace promheal {

// The endpoints that operate a program.
// Thread safety: HTTP threads call these functions, several at once.
struct Lifecycle {
  bool enabled = false;                         // false: /-/reload and /-/quit answer 403.
  std::vector<std::string> methods = {"POST"};  // For /-/reload and /-/quit.
  // A detail such as "2 targets have a model", or ""; an error while the program cannot work (503).
  std::function<Result<std::string>()> ready;
  // kTimeout answers 504, any other error 500.
  std::function<Status()> reload;
  // Called before a reload and a quit; its response refuses them.
  std::function<std::optional<HttpServerResponse>()> refuse = [] { return std::nullopt; };
};

// /-/healthy and /-/ready, without credentials; /-/reload and /-/quit.
std::vector<HttpRoute> LifecycleRoutes(Lifecycle lifecycle);

}  // namespace promheal
