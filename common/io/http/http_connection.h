#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "common/io/http/http_server.h"
#include "common/io/http/slow_connections.h"

struct mg_connection;

namespace promheal {

// What the client is told instead of what it asked for.
template <typename T>
using OrRefusal = tl::expected<T, HttpServerResponse>;

// One request on a civetweb connection: read the head, perhaps the body, send one response. The
// only place that speaks to civetweb while a request is served. Thread safety: one thread.
class HttpConnection {
 public:
  HttpConnection(mg_connection* connection, SlowConnections* slow, Duration timeout);

  // All but body and user. Refused with 400: a path that cannot be decoded, and a body with two
  // lengths; `request` is filled in as far as it goes.
  OrRefusal<void> ReadHead(HttpServerRequest* request);
  // 413 over `max_bytes`, 408 where the client takes longer than the timeout, 400 where it breaks
  // off.
  OrRefusal<std::string> ReadBody(size_t max_bytes);
  // Gzipped for a client that accepts it, without body for HEAD. Closes the connection where a body
  // was not read.
  void Send(const HttpServerRequest& request, HttpServerResponse response);

  size_t received_bytes() const { return received_bytes_; }
  size_t sent_bytes() const { return sent_bytes_; }

 private:
  bool HasBody() const;
  bool KeepsAlive(const HttpServerRequest& request) const;
  void Write(std::string_view text);
  void ThrowAwayBody();

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
