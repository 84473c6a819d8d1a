#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace promheal {

// The web configuration file of Prometheus' exporter-toolkit, without TLS: basic_auth_users with
// bcrypt hashes, and http_server_config.headers. An error for tls_server_config says where to
// terminate TLS instead. bearer_token_files is our addition.
struct WebConfig {
  std::map<std::string, std::string> basic_auth_users;    // User name -> bcrypt hash.
  std::map<std::string, std::string> bearer_token_files;  // Owner's name -> path.
  std::map<std::string, std::string> bearer_tokens;       // Owner's name -> token; with kRead only.
  std::map<std::string, std::string> headers;             // Added to every response.

  // Whether any user or token is configured.
  bool HasCredentials() const { return !basic_auth_users.empty() || !bearer_token_files.empty(); }
};

// Whether to read the files of bearer tokens, too.
enum class WebSecrets { kRead, kLeave };

// Reports all errors of the file at once, each as `file:line:column: ...` on its own line. Reads
// token files only if there are none.
Result<WebConfig> LoadWebConfig(const std::string& path, WebSecrets secrets = WebSecrets::kRead);

// Checks basic authentication against bcrypt hashes ($2a$, $2b$, $2y$). bcrypt costs tens of
// milliseconds by design, so the process remembers a verified password, as a digest with a random
// salt. A wrong user name takes as long as a wrong password. Unverified passwords are checked one
// after the other: guessing uses one core at most.
// Thread safety: any thread.
class BasicAuthenticator {
 public:
  explicit BasicAuthenticator(std::map<std::string, std::string> users);

  // `authorization` is the value of the request header, "Basic ...". Returns the user's name, or
  // kPermissionDenied. If no users are configured, every request passes, with the name "".
  Result<std::string> Authenticate(std::string_view authorization);

 private:
  bool WasVerified(const std::string& user, const std::string& password);
  void Remember(const std::string& user, const std::string& password);

  const std::map<std::string, std::string> users_;
  const std::string digest_setting_;
  std::mutex bcrypt_mutex_;
  std::mutex verified_mutex_;
  std::map<std::string, std::string> verified_;  // User name -> salted digest of the password.
};

}  // namespace promheal
