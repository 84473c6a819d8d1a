#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace promheal::support {

struct RawHttpResponse {
  int status = 0;
  std::map<std::string, std::string> headers;  // Names in lower case.
  std::string body;
};

// A TCP connection to a server on this machine that sends exactly the given bytes: also half a
// request or single bytes, as no client library does.
class RawHttpClient {
 public:
  explicit RawHttpClient(uint16_t port);
  ~RawHttpClient();
  RawHttpClient(const RawHttpClient&) = delete;
  RawHttpClient& operator=(const RawHttpClient&) = delete;

  // Returns false if the server has closed the connection.
  bool Send(std::string_view bytes);
  // The next response; nullopt if the connection ends first, or after 20 seconds without a byte.
  // `to_head`: a response to HEAD has no body, whatever its Content-Length.
  std::optional<RawHttpResponse> Receive(bool to_head = false);
  // Whether the server closes the connection, without sending more, within 20 seconds.
  bool IsClosedByServer();

 private:
  bool ReceiveMore();

  int fd_;
  std::string received_;  // Bytes not yet part of a response.
};

// Sends one request on a new connection. `head_and_body` starts with the request line.
std::optional<RawHttpResponse> RawHttpExchange(uint16_t port, std::string_view head_and_body);
// Sends "GET /path" with `more_headers`, each ending in CRLF.
std::optional<RawHttpResponse> RawHttpGet(uint16_t port, std::string_view path,
                                          std::string_view more_headers = "");

}  // namespace promheal::support
