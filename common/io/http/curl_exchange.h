#pragma once

#include <curl/curl.h>

#include <string>

#include "common/base/result.h"
#include "common/io/http/http_client.h"

namespace promheal {

// One request as sent. Holds secrets, so it lives for one exchange only.
struct CurlRequest {
  const HttpRequest& request;
  HttpHeaders headers;   // Sent instead of the headers in `request`.
  std::string username;  // Basic authentication; empty means none.
  std::string password;
  Duration timeout;  // The rest of the request's timeout.
};

struct CurlAnswer {
  HttpResponse response;
  std::string redirect_url;  // The absolute target of a redirect; empty for any other answer.
};

// Sends one request through `handle`, which must be fresh or reset, and reads the answer. Does not
// follow redirects. Errors are those of HttpClient, without the name of the server.
Result<CurlAnswer> CurlExchange(CURL* handle, const CurlRequest& request,
                                const HttpClientOptions& options);

}  // namespace promheal
