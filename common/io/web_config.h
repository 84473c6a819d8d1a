#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace promheal {

// The web configuration file of Prometheus' exporter-toolkit, as far as it applies here:
// basic_auth_users with bcrypt hashes, and http_server_config.headers. tls_server_config is refused
// with a message that says where to terminate TLS instead.
struct WebConfig {
  std::map<std::string, std::string> basic_auth_users;  // User name -> bcrypt hash.
  std::map<std::string, std::string> headers;           // Added to every response.
};

// All errors at once, each `file:line:column: ...` on its own line.
Result<WebConfig> LoadWebConfig(const std::string& path);

// Checks basic authentication against bcrypt hashes. A successful check is remembered (as a hash
// keyed with per-process randomness), since bcrypt costs tens of milliseconds by design; a wrong
// user name costs as much as a wrong password. Thread safety: any thread.
class BasicAuthenticator {
 public:
  explicit BasicAuthenticator(std::map<std::string, std::string> users);

  // `authorization` is the request header's value, "Basic ...". The user's name, or an error with
  // kPermissionDenied. Where no users are configured everybody is let in, as "".
  Result<std::string> Authenticate(std::string_view authorization);

 private:
  std::map<std::string, std::string> users_;
  std::mutex mutex_;
  std::map<std::string, size_t> verified_;
};

}  // namespace promheal
