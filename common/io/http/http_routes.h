#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/io/http/http_server.h"

namespace promheal {

// Finds the route of a request: paths match exactly, except that "*" matches any one segment. If
// several routes match, the first counts. Thread safety: const calls may run side by side.
class HttpRoutes {
 public:
  explicit HttpRoutes(std::vector<HttpRoute> routes) : routes_(std::move(routes)) {}

  struct Match {
    const HttpRoute* route = nullptr;
    std::string allowed_methods;  // If route is null: for the Allow header; "" for an unknown path.
  };
  // A GET route also answers HEAD, unless there is a HEAD route.
  Match Find(std::string_view method, std::string_view path) const;

 private:
  std::vector<HttpRoute> routes_;
};

}  // namespace promheal
