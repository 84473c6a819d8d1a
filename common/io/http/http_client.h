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
  Duration timeout = std::chrono::seconds(10);   // Includes all redirects.
  std::string unix_socket;                       // Path; empty means TCP.
  size_t max_response_bytes = size_t{64} << 20;  // Limit of the decompressed body.
  // A kept-alive connection may have died unnoticed; libcurl then sends the request again on a new
  // one. false opens a fresh connection: for requests that must not be sent twice.
  bool reuse_connection = true;
};

struct HttpResponse {
  int status = 0;  // Any status is a response; only transport failures are errors.
  HttpHeaders headers;
  std::string body;

  // Ignores the name's case; "" if there is no such header.
  std::string_view Header(std::string_view name) const;
};

// The value of the first header of that name, ignoring case; "" if there is none.
std::string_view FindHeader(const HttpHeaders& headers, std::string_view name);

// Prometheus' http_config: at most one of basic auth and authorization. The client reads `*_file`
// secrets again for each request, so they can be rotated. Errors and logs never hold secrets.
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

// Errors: kTimeout after the deadline; kUnavailable if the connection fails or breaks off;
// kInvalidArgument for an invalid URL, method or header and for unusable TLS files; kDataLoss for a
// response over the size limit or an answer that is not HTTP; any error of reading a secret's file.
// Messages name scheme, host and port only, since paths may be secrets, too.
// Thread safety: Send may be called from any thread; connections are kept alive and reused.
class HttpClient {
 public:
  virtual ~HttpClient() = default;
  virtual Result<HttpResponse> Send(const HttpRequest& request) = 0;
};

// A client on libcurl, for http and https. Uses no proxy except `proxy_url`; ignores the
// environment. Follows at most ten redirects, none from a Unix socket. A redirect keeps method and
// body (303 turns into GET); to another host or port it carries no credentials, and no headers
// except Accept and Content-Type.
std::unique_ptr<HttpClient> MakeCurlHttpClient(HttpClientOptions options);

// The URL, ready to be followed by a path.
std::string WithoutSlashAtEnd(std::string url);

// The fields as application/x-www-form-urlencoded, percent-encoded.
std::string EncodeForm(const std::vector<std::pair<std::string, std::string>>& fields);
std::string PercentEncode(std::string_view text);

}  // namespace promheal
