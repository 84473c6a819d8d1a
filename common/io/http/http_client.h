#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/result.h"
#include "common/base/time.h"

namespace promheal {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
  std::string method = "GET";
  std::string url;
  HttpHeaders headers;
  std::string body;
  Duration timeout = std::chrono::seconds(10);   // For the whole exchange.
  std::string unix_socket;                       // Path; empty means TCP.
  size_t max_response_bytes = size_t{64} << 20;  // Of the body, decompressed.
  // false: a connection of its own. A kept-alive connection may have died unnoticed; the request is
  // then sent a second time on a new one. What must not happen twice asks for a fresh connection.
  bool reuse_connection = true;
};

struct HttpResponse {
  int status = 0;  // Any status is a response; only transport failures are errors.
  HttpHeaders headers;
  std::string body;

  // Case-insensitive; "" where there is none.
  std::string_view Header(std::string_view name) const;
};

// The value of the first header of that name in any case; "" where there is none.
std::string_view FindHeader(const HttpHeaders& headers, std::string_view name);

// Prometheus' http_config: at most one of basic auth and authorization. `*_file` secrets are read
// anew for each request, so that they can be rotated; they never appear in errors or logs.
struct HttpClientOptions {
  std::string basic_auth_username;
  std::string basic_auth_password;
  std::string basic_auth_password_file;
  std::string authorization_type = "Bearer";
  std::string authorization_credentials;
  std::string authorization_credentials_file;
  std::string ca_file;
  std::string cert_file;
  std::string key_file;
  bool insecure_skip_verify = false;
  bool follow_redirects = true;
  std::string proxy_url;
  HttpHeaders headers;  // Sent with every request, such as X-Scope-OrgID.
};

// Errors: kTimeout after the deadline, kUnavailable where no connection can be had or the answer
// breaks off, kInvalidArgument for a URL, method or header that is none and for TLS files that
// cannot be used, kDataLoss for a response over the size limit or one that is not HTTP; what
// reading a secret's file gives. Messages name scheme, host and port only, since paths may be
// secrets, too. Thread safety: Send may be called from any thread; connections are kept alive and
// reused.
class HttpClient {
 public:
  virtual ~HttpClient() = default;
  virtual Result<HttpResponse> Send(const HttpRequest& request) = 0;
};

// libcurl. http and https only; no proxy but `proxy_url`, whatever the environment says. A redirect
// keeps method and body (a 303 turns into GET), at most ten in a row; to another host or port it
// carries neither credentials nor any header but Accept and Content-Type. None is followed from a
// Unix socket.
std::unique_ptr<HttpClient> MakeCurlHttpClient(HttpClientOptions options);

// What paths can be put behind.
std::string WithoutSlashAtEnd(std::string url);

// application/x-www-form-urlencoded, percent-encoded.
std::string EncodeForm(const std::vector<std::pair<std::string, std::string>>& fields);
std::string PercentEncode(std::string_view text);

}  // namespace promheal
