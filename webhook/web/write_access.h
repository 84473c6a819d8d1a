#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <string_view>

#include "common/io/http/http_server.h"

namespace promheal::healing {

// Whether POST requests may change anything: only with credentials configured, or where the
// operator has said that none are wanted.
enum class WriteAccess {
  kClosed,         // No credentials are configured: every write is refused with 401.
  kAuthenticated,  // The HTTP server has checked who asks.
  kOpen,           // --web.allow-unauthenticated.
};

// The answer where write access is closed; nothing where it is not.
std::optional<HttpServerResponse> RefuseWrite(WriteAccess access);

// Who asks: the name that the server has checked, or "anonymous" where it asks nobody.
std::string NameOf(const HttpServerRequest& request);

// Retry-After with it, so that whoever asks comes back.
HttpServerResponse Unavailable(const std::string& why);

// What a request that writes came to, as a metric label: "accepted", "invalid", ...
std::string_view ResultOf(int status);

}  // namespace promheal::healing
