#include "common/io/http_routes.h"

namespace promheal {
namespace {

// "/api/items/*" stands for "/api/items/" and one more segment, which names an item: never the
// folder itself or the one above.
bool Fits(std::string_view route, std::string_view path) {
  if (!route.ends_with("/*")) return route == path;
  route.remove_suffix(1);
  if (!path.starts_with(route)) return false;
  const std::string_view segment = path.substr(route.size());
  return !segment.empty() && segment != "." && segment != ".." &&
         segment.find('/') == std::string_view::npos;
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
