#include "common/io/http/lifecycle_routes.h"

#include <memory>
#include <utility>

#include "common/io/reload_requests.h"

namespace promheal {
namespace {

HttpServerResponse Healthy(const HttpServerRequest& /*request*/) {
  return TextResponse(200, "healthy");
}

HttpServerResponse Ready(const Lifecycle& lifecycle) {
  const Result<std::string> ready = lifecycle.ready();
  if (!ready) return TextResponse(503, "not ready: " + ready.error().message);
  return TextResponse(200, ready->empty() ? "ready" : "ready: " + *ready);
}

std::optional<HttpServerResponse> Refuse(const Lifecycle& lifecycle) {
  if (lifecycle.enabled) return lifecycle.refuse();
  return TextResponse(403, "refused: start the program with --web.enable-lifecycle to allow this");
}

HttpServerResponse Reload(const Lifecycle& lifecycle) {
  if (auto refused = Refuse(lifecycle)) return *std::move(refused);
  const Status outcome = lifecycle.reload();
  if (outcome) return TextResponse(200, "configuration reloaded");
  return TextResponse(outcome.error().code == ErrorCode::kTimeout ? 504 : 500,
                      outcome.error().message);
}

HttpServerResponse Quit(const Lifecycle& lifecycle) {
  if (auto refused = Refuse(lifecycle)) return *std::move(refused);
  ReloadRequests::RequestTermination();
  return TextResponse(200, "stopping");
}

}  // namespace

std::vector<HttpRoute> LifecycleRoutes(Lifecycle lifecycle) {
  const auto shared = std::make_shared<const Lifecycle>(std::move(lifecycle));
  const auto answer = [shared](HttpServerResponse (*handler)(const Lifecycle&)) {
    return [shared, handler](const HttpServerRequest&) { return handler(*shared); };
  };
  std::vector<HttpRoute> routes = {{"GET", "/-/healthy", Healthy, /*authenticated=*/false},
                                   {"GET", "/-/ready", answer(Ready), /*authenticated=*/false}};
  for (const std::string& method : shared->methods) {
    routes.push_back({method, "/-/reload", answer(Reload)});
    routes.push_back({method, "/-/quit", answer(Quit)});
  }
  return routes;
}

}  // namespace promheal
