#include "tests/support/raw_http_client.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace promheal::support {
namespace {

constexpr timeval kPatience = {20, 0};

RawHttpResponse ParseHead(std::string_view head) {
  RawHttpResponse response;
  response.status = std::atoi(std::string(head.substr(head.find(' ') + 1, 3)).c_str());
  size_t line = head.find("\r\n") + 2;
  while (line < head.size()) {
    const size_t end = head.find("\r\n", line);
    const size_t colon = head.find(": ", line);
    std::string name(head.substr(line, colon - line));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    response.headers[name] = head.substr(colon + 2, end - colon - 2);
    line = end + 2;
  }
  return response;
}

}  // namespace

RawHttpClient::RawHttpClient(uint16_t port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof(kPatience));
  setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof(kPatience));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    close(fd_);
    fd_ = -1;
  }
}

RawHttpClient::~RawHttpClient() {
  if (fd_ >= 0) close(fd_);
}

bool RawHttpClient::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(count));
  }
  return true;
}

bool RawHttpClient::ReceiveMore() {
  std::array<char, 65536> buffer;
  const ssize_t count = recv(fd_, buffer.data(), buffer.size(), 0);
  if (count <= 0) return false;
  received_.append(buffer.data(), static_cast<size_t>(count));
  return true;
}

std::optional<RawHttpResponse> RawHttpClient::Receive(bool to_head) {
  size_t head_end = 0;
  while ((head_end = received_.find("\r\n\r\n")) == std::string::npos) {
    if (!ReceiveMore()) return std::nullopt;
  }
  RawHttpResponse response = ParseHead(std::string_view(received_).substr(0, head_end + 2));
  received_.erase(0, head_end + 4);
  if (to_head || response.status < 200) return response;
  const auto length = static_cast<size_t>(std::atoll(response.headers["content-length"].c_str()));
  while (received_.size() < length) {
    if (!ReceiveMore()) return std::nullopt;
  }
  response.body = received_.substr(0, length);
  received_.erase(0, length);
  return response;
}

bool RawHttpClient::IsClosedByServer() {
  char byte = 0;
  const ssize_t count = recv(fd_, &byte, 1, 0);
  return count == 0 || (count < 0 && errno == ECONNRESET);
}

std::optional<RawHttpResponse> RawHttpExchange(uint16_t port, std::string_view head_and_body) {
  RawHttpClient client(port);
  client.Send(head_and_body);
  return client.Receive(head_and_body.starts_with("HEAD "));
}

std::optional<RawHttpResponse> RawHttpGet(uint16_t port, std::string_view path,
                                          std::string_view more_headers) {
  return RawHttpExchange(
      port, fmt::format("GET {} HTTP/1.1\r\nHost: test\r\n{}\r\n", path, more_headers));
}

}  // namespace promheal::support
