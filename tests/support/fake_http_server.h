#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "common/io/http/http_client.h"

namespace promheal::support {

struct FakeHttpRequest {
  std::string method;
  std::string target;  // As sent: path and query.
  HttpHeaders headers;
  std::string body;

  std::string_view Header(std::string_view name) const { return FindHeader(headers, name); }
};

// The bytes to send, valid or not, and what to do afterwards.
struct FakeHttpReply {
  enum class Then { kKeepAlive, kClose, kHang };
  std::string bytes;
  Then then = Then::kKeepAlive;
};

// A complete, well-formed answer.
FakeHttpReply Reply(int status, std::string_view body,
                    std::string_view content_type = "application/json",
                    const HttpHeaders& headers = {});

// Prometheus' answer to an instant query: one series with this value.
FakeHttpReply ReplyWithValue(std::string_view value);

// A server on 127.0.0.1 (or on a Unix socket) that answers as the test says, also wrongly: cut off,
// slowly, never, or not in HTTP. Requests must have a Content-Length or no body.
// Thread safety: the handler runs on one thread per connection; other members from any thread.
class FakeHttpServer {
 public:
  using Handler = std::function<FakeHttpReply(const FakeHttpRequest&)>;

  explicit FakeHttpServer(Handler handler, const std::string& unix_socket = "");
  ~FakeHttpServer();  // Ends all connections.
  FakeHttpServer(const FakeHttpServer&) = delete;
  FakeHttpServer& operator=(const FakeHttpServer&) = delete;

  uint16_t port() const { return port_; }
  std::string url() const;  // "http://127.0.0.1:PORT"
  std::vector<FakeHttpRequest> requests() const;
  int connections() const { return connections_; }

 private:
  void Accept();
  void Serve(int fd);
  bool WaitForInput(int fd) const;  // Returns false when the server ends.

  const Handler handler_;
  uint16_t port_ = 0;  // Before listen_fd_, which sets it.
  int listen_fd_ = -1;
  int stop_fd_ = -1;  // Becomes readable when the server ends.
  std::atomic<int> connections_ = 0;
  mutable std::mutex mutex_;
  std::vector<FakeHttpRequest> requests_;
  std::vector<std::thread> serving_;
  std::thread accepting_;
};

}  // namespace promheal::support
