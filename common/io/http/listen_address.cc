#include "common/io/http/listen_address.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace promheal {
namespace {

// Refuses civetweb's syntax for several addresses (commas) and TLS (a letter after the port).
bool IsHostName(std::string_view host) {
  return std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_';
  });
}

}  // namespace

Result<ListenAddress> ParseListenAddress(std::string_view text) {
  const auto refused = [&](std::string_view why) {
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("'{}' is not a listen address: {}", text, why));
  };
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return refused("expected host:port or :port");
  const std::string_view host = text.substr(0, colon);
  const std::string_view digits = text.substr(colon + 1);
  if (host.find_first_of("[:") != std::string_view::npos) {
    return refused("IPv6 is not supported; listen on IPv4 and put a proxy in front");
  }
  if (!IsHostName(host)) return refused("expected a host name or an IPv4 address before the port");
  uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc() || end != digits.data() + digits.size()) {
    return refused("expected a port from 0 to 65535 after the colon");
  }
  return ListenAddress{std::string(host), port};
}

}  // namespace promheal
