#pragma once

#include <string>
#include <string_view>

#include "common/base/result.h"

namespace promheal {

// The server in a URL: the part that may be printed. Path, query and user info may be secrets.
struct HttpOrigin {
  std::string scheme;  // "http" or "https".
  std::string host;    // In lower case, IPv6 in brackets.
  std::string port;    // "9090"; the scheme's default if the URL has none.

  bool operator==(const HttpOrigin&) const = default;
};

// kInvalidArgument unless `url` is a URL with a host and the scheme http or https. The message does
// not hold the URL.
Result<HttpOrigin> ParseHttpOrigin(const std::string& url);

// "http://localhost:9090"; a scheme's default port is left out.
std::string ToString(const HttpOrigin& origin);

// Whether secrets for `from` may follow a redirect to `to`: only to the same origin, or from http
// to https on the same host with default ports.
bool MayCarrySecrets(const HttpOrigin& from, const HttpOrigin& to);

}  // namespace promheal
