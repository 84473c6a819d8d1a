#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/base/time.h"
#include "common/io/http/http_client.h"
#include "common/io/http/web_config.h"
#include "common/io/log.h"

namespace promheal {

struct HttpServerRequest {
  std::string method;
  std::string path;  // Decoded, without the query.
  std::string query_string;
  std::map<std::string, std::string> query;  // Decoded; a repeated name has its last value.
  HttpHeaders headers;
  std::string body;
  std::string remote_address;
  std::string user;  // The authenticated user; "" if authentication is off.

  std::string_view Header(std::string_view name) const;  // Case-insensitive.
};

struct HttpServerResponse {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  HttpHeaders headers;
};

// Plain text of one line; a line break is appended.
HttpServerResponse TextResponse(int status, std::string text);

using HttpHandler = std::function<HttpServerResponse(const HttpServerRequest&)>;

struct HttpRoute {
  std::string method;  // "GET" also answers HEAD, without the body.
  std::string path;    // Exact; "*" matches any one segment: "/items/*/owner".
  HttpHandler handler;
  bool authenticated = true;  // false: needs no credentials (health endpoints).
};

// One answered request, for metrics.
struct HttpExchange {
  std::string method;
  std::string route;  // The path of the matched route; "" for an unknown path.
  int status = 0;
  std::chrono::nanoseconds duration{};  // From the head of the request to the end of the response.
  size_t received_bytes = 0;            // Headers and body.
  size_t sent_bytes = 0;                // Headers and body, after compression.
};

struct HttpServerOptions {
  std::string listen_address = ":0";  // "host:port" or ":port"; IPv4. Port 0 chooses a free one.
  // Each thread serves one connection at a time. A client that sends half a request occupies a
  // thread for up to `request_timeout`.
  size_t threads = 16;
  size_t max_body_bytes = size_t{4} << 20;  // A larger body gets 413; memory never holds more.
  Duration request_timeout = std::chrono::seconds(5);
  WebConfig web_config = {};
  // Called after each answered request, from the thread that answered it.
  std::function<void(const HttpExchange&)> observer = {};
};

// An HTTP server on civetweb, without TLS (use a proxy in front). Unknown path: 404; known path
// with another method: 405 with Allow; wrong credentials: 401 with WWW-Authenticate; body over the
// cap: 413; a handler that throws: 500 and a log line. Gzips responses of 1 KiB and more for
// clients that accept it. Cuts off slow clients: the head and the body of a request have
// `request_timeout` each (408), and a client must read a response at 64 KiB/s after the first
// `request_timeout`. After a refusal the server discards input for up to a second, so that the
// client can read the reason. Thread safety: handlers run on any of `threads` at once. The
// destructor waits for them.
class HttpServer {
 public:
  static Result<std::unique_ptr<HttpServer>> Start(HttpServerOptions options,
                                                   std::vector<HttpRoute> routes, Logger& logger);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  uint16_t port() const;

  // Applies a new web configuration from the next request on. Any thread.
  void SetWebConfig(WebConfig web_config);

 private:
  class Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// "&lt;b&gt;" for "<b>": for all text in a page that is not constant.
std::string EscapeHtml(std::string_view text);

}  // namespace promheal
