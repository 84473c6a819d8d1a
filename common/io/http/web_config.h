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
// with a message that says where to terminate TLS instead. bearer_token_files is our own.
struct WebConfig {
  std::map<std::string, std::string> basic_auth_users;    // User name -> bcrypt hash.
  std::map<std::string, std::string> bearer_token_files;  // Name of who has it -> path.
  std::map<std::string, std::string> bearer_tokens;       // The same names; only with kRead.
  std::map<std::string, std::string> headers;             // Added to every response.

  // Whether anybody can be told apart from anybody else.
  bool HasCredentials() const { return !basic_auth_users.empty() || !bearer_token_files.empty(); }
};

// Whether the files of bearer tokens are read, too.
enum class WebSecrets { kRead, kLeave };

// All errors at once, each `file:line:column: ...` on its own line; then those of tokens that
// cannot be read.
Result<WebConfig> LoadWebConfig(const std::string& path, WebSecrets secrets = WebSecrets::kRead);

// Checks basic authentication against bcrypt hashes ($2a$, $2b$, $2y$). A successful check is
// remembered, as a hash salted with randomness of this process, since bcrypt costs tens of
// milliseconds by design. A wrong user name costs as much as a wrong password, and wrong ones are
// checked one after the other, so that guessing takes up one core at most.
// Thread safety: any thread.
class BasicAuthenticator {
 public:
  explicit BasicAuthenticator(std::map<std::string, std::string> users);

  // `authorization` is the request header's value, "Basic ...". The user's name, or an error with
  // kPermissionDenied. Where no users are configured everybody is let in, as "".
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
