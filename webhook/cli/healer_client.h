#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/io/http/http_client.h"
#include "common/io/program.h"

namespace promheal::healing {

// Where a healer runs, and how to be let in.
struct HealerAddress {
  std::string url;               // "http://localhost:10181", with any path prefix.
  std::string http_config_file;  // Prometheus' http_config: basic_auth, tls_config, ...
};

// --webhook.url and --http.config.file, into `address`.
std::vector<ExtraFlag> AddressFlags(HealerAddress& address);

// Asks a healer that runs. Any status but 200 is an error with the first line of what it says.
// Thread safety: one thread.
class HealerClient {
 public:
  static Result<HealerClient> Open(const HealerAddress& address);

  Result<std::string> Get(const std::string& path);
  Result<std::string> Post(const std::string& path);  // Without a body.

 private:
  HealerClient(std::string url, std::unique_ptr<HttpClient> http)
      : url_(std::move(url)), http_(std::move(http)) {}

  Result<std::string> Send(HttpRequest request);

  std::string url_;
  std::unique_ptr<HttpClient> http_;
};

}  // namespace promheal::healing
