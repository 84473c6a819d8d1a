#include "webhook/web/write_access.h"

namespace promheal::healing {

std::optional<HttpServerResponse> RefuseWrite(WriteAccess access) {
  if (access != WriteAccess::kClosed) return std::nullopt;
  HttpServerResponse response{
      .status = 401,
      .body =
          "This endpoint changes things, so it needs credentials: configure basic_auth_users or "
          "bearer_token_files "
          "in the file of --web.config.file, or set --web.allow-unauthenticated\n"};
  response.headers.emplace_back("WWW-Authenticate", "Basic realm=\"healing_webhook\"");
  return response;
}

std::string NameOf(const HttpServerRequest& request) {
  return request.user.empty() ? "anonymous" : request.user;
}

HttpServerResponse Unavailable(const std::string& why) {
  HttpServerResponse response{.status = 503, .body = why + "\n"};
  response.headers.emplace_back("Retry-After", "1");
  return response;
}

std::string_view ResultOf(int status) {
  switch (status) {
    case 200:
      return "accepted";
    case 400:
      return "invalid";
    case 401:
      return "unauthenticated";
    case 404:
      return "not_found";
    case 413:
      return "too_large";
    case 503:
      return "unavailable";
    default:
      return "other";
  }
}

}  // namespace promheal::healing
