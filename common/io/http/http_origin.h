#pragma once

#include <string>
#include <string_view>

#include "common/base/result.h"

namespace promheal {

// Who is asked: the part of a URL that may be printed. Path, query and user info may be secrets.
struct HttpOrigin {
  std::string scheme;  // "http" or "https".
  std::string host;    // In lower case, IPv6 in brackets.
  std::string port;    // "9090"; the scheme's own where the URL names none.

  bool operator==(const HttpOrigin&) const = default;
};

// kInvalidArgument for what is not a URL with a host, or neither http nor https. The message does
// not hold the URL.
Result<HttpOrigin> ParseHttpOrigin(const std::string& url);

// "http://localhost:9090", without a port that the scheme implies.
std::string ToString(const HttpOrigin& origin);

// Whether what is meant for `from` may follow a redirect to `to`: the same origin, or the same host
// moving up from http to https at their usual ports.
bool MayCarrySecrets(const HttpOrigin& from, const HttpOrigin& to);

}  // namespace promheal
