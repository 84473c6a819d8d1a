#include "common/io/http/http_connection.h"

#include <civetweb.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "common/io/http/http_text.h"

namespace promheal {
namespace {

constexpr size_t kPieceBytes = size_t{16} << 10;
constexpr size_t kGzipFromBytes = 1024;
constexpr size_t kSlowestBytesPerSecond = size_t{64} << 10;
constexpr Duration kDiscardFor = std::chrono::seconds(1);

// Prevents a handler's header value from starting another header.
std::string OneLine(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; }, ' ');
  return text;
}

bool HasNoBody(int status) { return status < 200 || status == 204 || status == 304; }

void Compress(const HttpServerRequest& request, HttpServerResponse* response) {
  if (response->body.size() < kGzipFromBytes) return;
  if (!FindHeader(response->headers, "Content-Encoding").empty()) return;
  response->headers.emplace_back("Vary", "Accept-Encoding");
  if (!AcceptsGzip(request.Header("Accept-Encoding"))) return;
  response->body = Gzip(response->body);
  response->headers.emplace_back("Content-Encoding", "gzip");
}

std::string HeadOf(const HttpServerResponse& response, bool keeps_alive) {
  std::string head =
      fmt::format("HTTP/1.1 {} {}\r\nDate: {}\r\n", response.status, ReasonPhrase(response.status),
                  FormatHttpDate(SystemClock().Now()));
  if (!HasNoBody(response.status)) {
    head += fmt::format("Content-Type: {}\r\nContent-Length: {}\r\n",
                        OneLine(response.content_type), response.body.size());
  }
  for (const auto& [name, value] : response.headers) {
    head += fmt::format("{}: {}\r\n", OneLine(name), OneLine(value));
  }
  head += keeps_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n";
  return head;
}

}  // namespace

HttpConnection::HttpConnection(mg_connection* connection, SlowConnections* slow, Duration timeout)
    : connection_(connection), slow_(slow), timeout_(timeout) {
  const mg_request_info* info = mg_get_request_info(connection);
  endpoints_.peer_address = info->remote_addr;
  endpoints_.peer_port = static_cast<uint16_t>(info->remote_port);
  endpoints_.server_port = static_cast<uint16_t>(info->server_port);
}

OrRefusal<void> HttpConnection::ReadHead(HttpServerRequest* request) {
  constexpr std::string_view kRequestLine = " ? HTTP/1.1\r\n\r\n";
  constexpr std::string_view kHeaderLine = ": \r\n";
  const mg_request_info* info = mg_get_request_info(connection_);
  const std::string_view raw_path = info->local_uri_raw;
  request->method = info->request_method;
  request->query_string = info->query_string != nullptr ? info->query_string : "";
  request->query = ParseQuery(request->query_string);
  request->remote_address = info->remote_addr;
  received_bytes_ =
      request->method.size() + raw_path.size() + request->query_string.size() + kRequestLine.size();
  for (int i = 0; i < info->num_headers; ++i) {
    const auto& [name, value] =
        request->headers.emplace_back(info->http_headers[i].name, info->http_headers[i].value);
    received_bytes_ += name.size() + value.size() + kHeaderLine.size();
  }
  expects_continue_ = EqualsIgnoringCase(request->Header("Expect"), "100-continue");

  std::optional<std::string> path = PercentDecode(raw_path);
  if (!path) return tl::make_unexpected(TextResponse(400, "the path is not properly encoded"));
  request->path = *std::move(path);
  if (!request->Header("Transfer-Encoding").empty() && !request->Header("Content-Length").empty()) {
    // A proxy and this server may disagree which length counts: request smuggling.
    return tl::make_unexpected(
        TextResponse(400, "Transfer-Encoding and Content-Length exclude each other"));
  }
  return {};
}

OrRefusal<std::string> HttpConnection::ReadBody(size_t max_bytes) {
  const auto too_large = [&] {
    return tl::make_unexpected(
        TextResponse(413, fmt::format("the body is larger than {} bytes", max_bytes)));
  };
  const int64_t length = mg_get_request_info(connection_)->content_length;  // -1 if chunked.
  if (length > 0 && static_cast<uint64_t>(length) > max_bytes) return too_large();
  if (expects_continue_ && HasBody()) Write("HTTP/1.1 100 Continue\r\n\r\n");

  const SlowConnections::Watch watch(slow_, endpoints_, SlowConnections::Direction::kReceiving,
                                     timeout_);
  std::string body;
  std::array<char, kPieceBytes> piece;
  int count = 0;
  do {
    count = mg_read(connection_, piece.data(), piece.size());
    if (count > 0) body.append(piece.data(), static_cast<size_t>(count));
  } while (count > 0 && body.size() <= max_bytes && std::cmp_not_equal(body.size(), length));
  received_bytes_ += body.size();
  if (body.size() > max_bytes) return too_large();
  const bool complete = count >= 0 && (length < 0 || std::cmp_equal(body.size(), length));
  if (complete) {
    body_was_read_ = true;
    return body;
  }
  const bool slow = count == 0 || watch.overdue();  // 0: civetweb itself timed out.
  return tl::make_unexpected(slow ? TextResponse(408, "the body took too long to arrive")
                                  : TextResponse(400, "the body broke off"));
}

void HttpConnection::Send(const HttpServerRequest& request, HttpServerResponse response) {
  const bool keeps_alive = KeepsAlive(request);
  if (!keeps_alive) mg_disable_connection_keep_alive(connection_);
  Compress(request, &response);
  std::string text = HeadOf(response, keeps_alive);
  if (request.method != "HEAD" && !HasNoBody(response.status)) text += response.body;
  Write(text);
  if (HasBody() && !body_was_read_ && !expects_continue_) DiscardBody();
}

bool HttpConnection::HasBody() const {
  return mg_get_request_info(connection_)->content_length > 0 ||
         mg_get_header(connection_, "Transfer-Encoding") != nullptr;
}

// Decides like civetweb, which however would first read an unread body of any size to its end.
bool HttpConnection::KeepsAlive(const HttpServerRequest& request) const {
  if (HasBody() && !body_was_read_) return false;
  const std::string_view wish = request.Header("Connection");
  if (!wish.empty()) return HasToken(wish, "keep-alive");
  return std::string_view(mg_get_request_info(connection_)->http_version) == "1.1";
}

void HttpConnection::Write(std::string_view text) {
  const Duration limit = timeout_ + std::chrono::seconds(text.size() / kSlowestBytesPerSecond);
  const SlowConnections::Watch watch(slow_, endpoints_, SlowConnections::Direction::kSending,
                                     limit);
  const int written = mg_write(connection_, text.data(), text.size());
  if (written > 0) sent_bytes_ += static_cast<size_t>(written);
  if (!std::cmp_equal(written, text.size())) mg_disable_connection_keep_alive(connection_);
}

// Closing with unread bytes would reset the connection, and the client might lose the response.
void HttpConnection::DiscardBody() {
  const SlowConnections::Watch watch(slow_, endpoints_, SlowConnections::Direction::kReceiving,
                                     std::min(kDiscardFor, timeout_));
  std::array<char, kPieceBytes> piece;
  while (!watch.overdue() && mg_read(connection_, piece.data(), piece.size()) > 0) {
  }
}

}  // namespace promheal
