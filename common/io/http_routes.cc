#include "common/io/http_routes.h"

namespace promheal {

HttpRoutes::Match HttpRoutes::Find(std::string_view method, std::string_view path) const {
  const HttpRoute* get = nullptr;
  std::string allowed;
  for (const HttpRoute& route : routes_) {
    if (route.path != path) continue;
    if (route.method == method) return {&route, {}};
    if (route.method == "GET") get = &route;
    if (!allowed.empty()) allowed += ", ";
    allowed += route.method == "GET" ? "GET, HEAD" : route.method;
  }
  if (get != nullptr && method == "HEAD") return {get, {}};
  return {nullptr, std::move(allowed)};
}

}  // namespace promheal
