#include "tests/support/fake_http_server.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <stdexcept>

namespace promheal::support {
namespace {

int ListenOnTcp(uint16_t* port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (fd < 0 || ::bind(fd, generic, size) != 0 || ::listen(fd, SOMAXCONN) != 0 ||
      ::getsockname(fd, generic, &size) != 0) {
    throw std::runtime_error("cannot listen on 127.0.0.1");
  }
  *port = ntohs(address.sin_port);
  return fd;
}

int ListenOnUnixSocket(const std::string& path) {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) throw std::runtime_error("too long: " + path);
  std::copy(path.begin(), path.end(), address.sun_path);
  if (fd < 0 || ::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0 ||
      ::listen(fd, SOMAXCONN) != 0) {
    throw std::runtime_error("cannot listen on " + path);
  }
  return fd;
}

HttpHeaders ParseHeaders(std::string_view head) {
  HttpHeaders headers;
  for (size_t start = head.find("\r\n"); start != std::string_view::npos;) {
    start += 2;
    const size_t end = head.find("\r\n", start);
    const std::string_view line = head.substr(start, end - start);
    const size_t colon = line.find(": ");
    if (colon != std::string_view::npos) {
      headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
    }
    start = end;
  }
  return headers;
}

// Takes one whole request off the front of `buffer`; nothing while a part is missing.
std::optional<FakeHttpRequest> PopRequest(std::string* buffer) {
  const size_t head_end = buffer->find("\r\n\r\n");
  if (head_end == std::string::npos) return std::nullopt;
  const std::string_view head(buffer->data(), head_end);
  FakeHttpRequest request;
  request.headers = ParseHeaders(head);
  const size_t length =
      std::strtoul(std::string(request.Header("Content-Length")).c_str(), nullptr, 10);
  const size_t body_start = head_end + 4;
  if (buffer->size() < body_start + length) return std::nullopt;
  const size_t first_space = head.find(' ');
  const size_t second_space = head.find(' ', first_space + 1);
  request.method = head.substr(0, first_space);
  request.target = head.substr(first_space + 1, second_space - first_space - 1);
  request.body = buffer->substr(body_start, length);
  buffer->erase(0, body_start + length);
  return request;
}

void SendAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;  // The client has gone, as it may.
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
}

}  // namespace

FakeHttpReply Reply(int status, std::string_view body, std::string_view content_type,
                    const HttpHeaders& headers) {
  std::string head = fmt::format("HTTP/1.1 {} Test\r\nContent-Type: {}\r\nContent-Length: {}\r\n",
                                 status, content_type, body.size());
  for (const auto& [name, value] : headers) head += fmt::format("{}: {}\r\n", name, value);
  return {.bytes = fmt::format("{}\r\n{}", head, body), .then = FakeHttpReply::Then::kKeepAlive};
}

FakeHttpReply ReplyWithValue(std::string_view value) {
  return Reply(200, fmt::format(R"({{"status":"success","data":{{"resultType":"vector","result":)"
                                R"([{{"metric":{{}},"value":[1,"{}"]}}]}}}})",
                                value));
}

FakeHttpServer::FakeHttpServer(Handler handler, const std::string& unix_socket)
    : handler_(std::move(handler)),
      listen_fd_(unix_socket.empty() ? ListenOnTcp(&port_) : ListenOnUnixSocket(unix_socket)),
      stop_fd_(::eventfd(0, EFD_CLOEXEC)),
      accepting_(&FakeHttpServer::Accept, this) {}

FakeHttpServer::~FakeHttpServer() {
  ::eventfd_write(stop_fd_, 1);
  accepting_.join();
  for (std::thread& thread : serving_) thread.join();
  ::close(listen_fd_);
  ::close(stop_fd_);
}

std::string FakeHttpServer::url() const { return fmt::format("http://127.0.0.1:{}", port_); }

std::vector<FakeHttpRequest> FakeHttpServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

bool FakeHttpServer::WaitForInput(int fd) const {
  std::array<pollfd, 2> fds = {{{.fd = fd, .events = POLLIN, .revents = 0},
                                {.fd = stop_fd_, .events = POLLIN, .revents = 0}}};
  ::poll(fds.data(), fds.size(), -1);
  return fds[1].revents == 0;
}

void FakeHttpServer::Accept() {
  while (WaitForInput(listen_fd_)) {
    const int fd = ::accept4(listen_fd_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) continue;
    ++connections_;
    serving_.emplace_back(&FakeHttpServer::Serve, this, fd);
  }
}

void FakeHttpServer::Serve(int fd) {
  std::string buffer;
  std::array<char, 4096> chunk{};
  bool open = true;
  while (open && WaitForInput(fd)) {
    const ssize_t count = ::recv(fd, chunk.data(), chunk.size(), 0);
    if (count <= 0) break;
    buffer.append(chunk.data(), static_cast<size_t>(count));
    while (const std::optional<FakeHttpRequest> request = PopRequest(&buffer)) {
      {
        const std::lock_guard lock(mutex_);
        requests_.push_back(*request);
      }
      const FakeHttpReply reply = handler_(*request);
      SendAll(fd, reply.bytes);
      if (reply.then == FakeHttpReply::Then::kHang) WaitForInput(stop_fd_);
      if (reply.then != FakeHttpReply::Then::kKeepAlive) {
        open = false;
        break;
      }
    }
  }
  ::close(fd);
}

}  // namespace promheal::support
