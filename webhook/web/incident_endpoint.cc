#include "webhook/web/incident_endpoint.h"

#include "webhook/ledger/records.h"

namespace promheal::healing {
namespace {

constexpr std::string_view kPrefix = "/api/v1/incidents/";

HttpServerResponse Json(std::string body) {
  return {.status = 200, .content_type = "application/json", .body = std::move(body) + "\n"};
}

HttpServerResponse List(const HealingSnapshot& snapshot, const HttpServerRequest& request) {
  const auto wanted = request.query.find("state");
  const std::string state = wanted == request.query.end() ? "" : wanted->second;
  if (!state.empty() && state != "open" && state != "closed") {
    return {.status = 400, .body = "state: expected open or closed\n"};
  }
  std::string body = "{\"incidents\":[";
  const auto add = [&](const auto& incidents) {
    for (const auto& incident : incidents) {
      if (body.back() != '[') body += ',';
      body += Encode(*incident);
    }
  };
  if (state != "closed") add(snapshot.open);
  if (state != "open") add(snapshot.closed);
  return Json(body + "]}");
}

HttpServerResponse One(const HealingSnapshot& snapshot, const HttpServerRequest& request) {
  const std::string_view id = std::string_view(request.path).substr(kPrefix.size());
  for (const auto* incidents : {&snapshot.open, &snapshot.closed}) {
    for (const auto& incident : *incidents) {
      if (incident->id == id) return Json(Encode(*incident));
    }
  }
  return {.status = 404,
          .body = "no such incident among the open and the latest closed incidents\n"};
}

}  // namespace

std::vector<HttpRoute> IncidentRoutes(const PublishedSnapshot& published) {
  return {{"GET", "/api/v1/incidents",
           [&](const HttpServerRequest& request) { return List(*published.Get(), request); }},
          {"GET", std::string(kPrefix) + "*",
           [&](const HttpServerRequest& request) { return One(*published.Get(), request); }}};
}

}  // namespace promheal::healing
