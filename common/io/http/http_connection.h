#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "common/io/http/http_server.h"
#include "common/io/http/slow_connections.h"

struct mg_connection;

namespace promheal {

// A T, or the response that refuses the request.
template <typename T>
using OrRefusal = tl::expected<T, HttpServerResponse>;

// One request on a civetweb connection: read the head, perhaps the body, then send one response.
// Only this class calls civetweb while a request is served. Thread safety: one thread.
class HttpConnection {
 public:
  HttpConnection(mg_connection* connection, SlowConnections* slow, Duration timeout);

  // Fills in `request` except body and user. Refuses with 400 a path that cannot be decoded and a
  // body with two lengths; `request` is then only partly filled in.
  OrRefusal<void> ReadHead(HttpServerRequest* request);
  // Refuses a body over `max_bytes` (413), one that takes longer than the timeout (408), and one
  // that breaks off (400).
  OrRefusal<std::string> ReadBody(size_t max_bytes);
  // Gzips for a client that accepts it; sends no body for HEAD. Closes the connection if the
  // request's body was not read.
  void Send(const HttpServerRequest& request, HttpServerResponse response);

  size_t received_bytes() const { return received_bytes_; }
  size_t sent_bytes() const { return sent_bytes_; }

 private:
  bool HasBody() const;
  bool KeepsAlive(const HttpServerRequest& request) const;
  void Write(std::string_view text);
  void DiscardBody();

  mg_connection* connection_;
  SlowConnections* slow_;
  Duration timeout_;
  ServerConnection endpoints_;
  bool expects_continue_ = false;
  bool body_was_read_ = false;
  size_t received_bytes_ = 0;
  size_t sent_bytes_ = 0;
};

}  // namespace promheal
