#pragma once

#include <string>
#include <vector>

namespace promheal::shop {

// A request to another service, through the gateway.
struct Call {
  std::string callee;  // "payments"
  std::string method;
  std::string path;  // Without the gateway's prefix: "/charge".
};

// A request of a customer. It occupies a worker for the service time, then during its calls, one
// after the other.
struct ShopRoute {
  std::string method;
  std::string path;
  std::string summary;  // For the landing page.
  std::vector<Call> calls;
};

struct ShopDescription {
  std::string name;  // "orders"
  std::string summary;
  std::string default_listen_address;
  std::vector<ShopRoute> routes;
};

}  // namespace promheal::shop
