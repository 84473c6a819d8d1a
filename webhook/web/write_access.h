#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <string_view>

#include "common/io/http/http_server.h"

namespace promheal::healing {

// Whether POST requests may change anything: only if credentials are configured, or if the operator
// allows requests without them.
enum class WriteAccess {
  kClosed,         // No credentials are configured: every write is refused with 401.
  kAuthenticated,  // The HTTP server has checked the credentials.
  kOpen,           // --web.allow-unauthenticated.
};

// The answer if write access is closed, else nullopt.
std::optional<HttpServerResponse> RefuseWrite(WriteAccess access);

// The user name that the server has checked, or "anonymous" if it checks none.
std::string NameOf(const HttpServerRequest& request);

// 503 with Retry-After, so that the sender tries again.
HttpServerResponse Unavailable(const std::string& why);

// The result of a writing request, as a metric label: "accepted", "invalid", ...
std::string_view ResultOf(int status);

}  // namespace promheal::healing
