#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/io/http/http_client.h"
#include "tests/support/child_process.h"

namespace promheal::shop {

// A real program of the shop on a free port.
class ShopProcess {
 public:
  // `program` is "shop_orders" and the like. Throws unless it listens within ten seconds.
  explicit ShopProcess(const std::string& program, std::vector<std::string> flags = {});

  uint16_t port() const { return port_; }
  std::string url() const;
  support::ChildProcess& process() { return process_; }

  Result<HttpResponse> Get(const std::string& path, Duration timeout = std::chrono::seconds(10));
  Result<HttpResponse> Post(const std::string& path, Duration timeout = std::chrono::seconds(10));
  // The status of the answer; 0 without an answer.
  int StatusOf(const std::string& path, Duration timeout = std::chrono::seconds(10));

  // The value of a series as in /metrics; nullopt if the series is missing.
  std::optional<double> Metric(const std::string& series);

 private:
  Result<HttpResponse> Send(const std::string& method, const std::string& path, Duration timeout);

  support::ChildProcess process_;
  uint16_t port_ = 0;
  std::unique_ptr<HttpClient> client_;
};

}  // namespace promheal::shop
