#pragma once

#include <curl/curl.h>

#include <string>

#include "common/base/result.h"
#include "common/io/http/http_client.h"

namespace promheal {

// One request as it goes over the wire. Holds secrets: it lives for one exchange only.
struct CurlRequest {
  const HttpRequest& request;
  HttpHeaders headers;   // All of them, in place of the request's own.
  std::string username;  // Basic authentication; empty means none.
  std::string password;
  Duration timeout;  // What is left of the request's.
};

struct CurlAnswer {
  HttpResponse response;
  std::string redirect_url;  // Where a redirect leads, absolute; empty for any other answer.
};

// Sends one request through `handle`, whose options are those of a fresh or reset handle, and reads
// the answer. Follows no redirect. Errors are HttpClient's, without saying who was asked.
Result<CurlAnswer> CurlExchange(CURL* handle, const CurlRequest& request,
                                const HttpClientOptions& options);

}  // namespace promheal
