#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/support/fake_http_server.h"

namespace promheal::shop {

// Stands in for HAProxy: answers for the services behind it, and records the requests.
class GatewayStandIn {
 public:
  // The status is 200 unless `statuses` has another for the path.
  explicit GatewayStandIn(std::map<std::string, int> statuses = {})
      : server_([statuses](const support::FakeHttpRequest& request) {
          const auto status = statuses.find(request.target);
          return support::Reply(status == statuses.end() ? 200 : status->second, "");
        }) {}

  std::string flag() const { return "--gateway.url=" + server_.url() + "/"; }
  // "GET /orders/items"
  std::vector<std::string> requests() const {
    std::vector<std::string> requests;
    for (const auto& request : server_.requests()) {
      requests.push_back(request.method + " " + request.target);
    }
    return requests;
  }

 private:
  support::FakeHttpServer server_;
};

}  // namespace promheal::shop
