#include "common/io/http_routes.h"

namespace promheal {
namespace {

// "/api/items/*" stands for "/api/items/" and one more segment.
bool Fits(std::string_view route, std::string_view path) {
  if (!route.ends_with("/*")) return route == path;
  route.remove_suffix(1);
  return path.size() > route.size() && path.starts_with(route) &&
         path.find('/', route.size()) == std::string_view::npos;
}

}  // namespace

HttpRoutes::Match HttpRoutes::Find(std::string_view method, std::string_view path) const {
  const HttpRoute* get = nullptr;
  std::string allowed;
  for (const HttpRoute& route : routes_) {
    if (!Fits(route.path, path)) continue;
    if (route.method == method) return {&route, {}};
    if (route.method == "GET") get = &route;
    if (!allowed.empty()) allowed += ", ";
    allowed += route.method == "GET" ? "GET, HEAD" : route.method;
  }
  if (get != nullptr && method == "HEAD") return {get, {}};
  return {nullptr, std::move(allowed)};
}

}  // namespace promheal
