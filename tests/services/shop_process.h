#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/io/http/http_client.h"
#include "tests/support/child_process.h"

namespace promheal::shop {

// One of the shop's programs, run for real on a port of its own.
class ShopProcess {
 public:
  // `program` is "shop_orders" and the like. Throws where it does not listen within ten seconds.
  explicit ShopProcess(const std::string& program, std::vector<std::string> flags = {});

  uint16_t port() const { return port_; }
  std::string url() const;
  support::ChildProcess& process() { return process_; }

  Result<HttpResponse> Get(const std::string& path, Duration timeout = std::chrono::seconds(10));
  Result<HttpResponse> Post(const std::string& path, Duration timeout = std::chrono::seconds(10));
  // Of any such request; 0 where there is no answer.
  int StatusOf(const std::string& path, Duration timeout = std::chrono::seconds(10));

  // The value of a series as /metrics writes it; nothing where there is none.
  std::optional<double> Metric(const std::string& series);

 private:
  Result<HttpResponse> Send(const std::string& method, const std::string& path, Duration timeout);

  support::ChildProcess process_;
  uint16_t port_ = 0;
  std::unique_ptr<HttpClient> client_;
};

}  // namespace promheal::shop
