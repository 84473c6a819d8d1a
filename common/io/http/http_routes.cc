#include "common/io/http/http_routes.h"

#include <algorithm>

namespace promheal {
namespace {

// Removes the first segment and its slash from `path`; returns the segment.
std::string_view PopSegment(std::string_view& path) {
  const size_t end = std::min(path.find('/'), path.size());
  const std::string_view segment = path.substr(0, end);
  path.remove_prefix(std::min(end + 1, path.size()));
  return segment;
}

// "*" matches any one segment that can name an item: not "", "." or "..".
bool Matches(std::string_view route, std::string_view path) {
  if (std::count(route.begin(), route.end(), '/') != std::count(path.begin(), path.end(), '/')) {
    return false;
  }
  const auto segments = std::count(route.begin(), route.end(), '/') + 1;
  for (auto i = segments; i > 0; --i) {
    const std::string_view expected = PopSegment(route);
    const std::string_view segment = PopSegment(path);
    if (expected == "*" ? segment.empty() || segment == "." || segment == ".."
                        : segment != expected) {
      return false;
    }
  }
  return true;
}

}  // namespace

HttpRoutes::Match HttpRoutes::Find(std::string_view method, std::string_view path) const {
  const HttpRoute* get = nullptr;
  std::string allowed;
  for (const HttpRoute& route : routes_) {
    if (!Matches(route.path, path)) continue;
    if (route.method == method) return {&route, {}};
    if (route.method == "GET") get = &route;
    if (!allowed.empty()) allowed += ", ";
    allowed += route.method == "GET" ? "GET, HEAD" : route.method;
  }
  if (get != nullptr && method == "HEAD") return {get, {}};
  return {nullptr, std::move(allowed)};
}

}  // namespace promheal
