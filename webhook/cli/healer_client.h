#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/io/http/http_client.h"
#include "common/io/program.h"

namespace promheal::healing {

// A healer's address and credentials.
struct HealerAddress {
  std::string url;               // "http://localhost:10181", with any path prefix.
  std::string http_config_file;  // Prometheus' http_config: basic_auth, tls_config, ...
};

// The flags --webhook.url and --http.config.file, which fill `address`.
std::vector<ExtraFlag> AddressFlags(HealerAddress& address);

// Sends requests to a running healer. Any status except 200 is an error with the first line of the
// answer.
// Thread safety: one thread.
class HealerClient {
 public:
  static Result<HealerClient> Open(const HealerAddress& address);

  Result<std::string> Get(const std::string& path);
  Result<std::string> Post(const std::string& path);  // Sends no body.

 private:
  HealerClient(std::string url, std::unique_ptr<HttpClient> http)
      : url_(std::move(url)), http_(std::move(http)) {}

  Result<std::string> Send(HttpRequest request);

  std::string url_;
  std::unique_ptr<HttpClient> http_;
};

}  // namespace promheal::healing
