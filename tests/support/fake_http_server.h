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

// The bytes to send, whatever they are, and what happens next.
struct FakeHttpReply {
  enum class Then { kKeepAlive, kClose, kHang };
  std::string bytes;
  Then then = Then::kKeepAlive;
};

// A whole, well-formed answer.
FakeHttpReply Reply(int status, std::string_view body,
                    std::string_view content_type = "application/json",
                    const HttpHeaders& headers = {});

// What Prometheus answers to an instant query: one series with this value.
FakeHttpReply ReplyWithValue(std::string_view value);

// A server on 127.0.0.1 (or on a Unix socket) that answers as the test says, also wrongly: cut off,
// slowly, never, or something that is not HTTP. Requests must have a Content-Length or no body.
// Thread safety: the handler runs on a thread for each connection; the rest from any thread.
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
  bool WaitForInput(int fd) const;  // false: the server ends.

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
