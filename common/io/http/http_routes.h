#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/io/http/http_server.h"

namespace promheal {

// Exact routing; "*" in a path takes one segment, whatever it is. Of several that fit, the
// first counts. Thread safety: const calls may run side by side.
class HttpRoutes {
 public:
  explicit HttpRoutes(std::vector<HttpRoute> routes) : routes_(std::move(routes)) {}

  struct Match {
    const HttpRoute* route = nullptr;
    std::string allowed_methods;  // Without a route: what Allow says; "" where the path is unknown.
  };
  // HEAD is answered by the GET route unless there is one of its own.
  Match Find(std::string_view method, std::string_view path) const;

 private:
  std::vector<HttpRoute> routes_;
};

}  // namespace promheal
