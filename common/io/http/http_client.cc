#include "common/io/http/http_client.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <mutex>

#include "common/base/duration.h"
#include "common/io/clock.h"
#include "common/io/file.h"
#include "common/io/http/curl_exchange.h"
#include "common/io/http/http_origin.h"

namespace promheal {
namespace {

constexpr int kMaxRedirects = 10;
constexpr size_t kMaxIdleHandles = 16;
constexpr Duration kLongestTimeout = std::chrono::hours(24);

struct HandleDeleter {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
using CurlHandle = std::unique_ptr<CURL, HandleDeleter>;

// The idle handles. Each keeps its connections open. The one used last is reused first, which keeps
// the number of connections low.
class HandlePool {
 public:
  CurlHandle Acquire() {
    {
      const std::lock_guard lock(mutex_);
      if (!idle_.empty()) {
        CurlHandle handle = std::move(idle_.back());
        idle_.pop_back();
        return handle;
      }
    }
    return CurlHandle(curl_easy_init());
  }

  void Release(CurlHandle handle) {
    curl_easy_reset(handle.get());
    const std::lock_guard lock(mutex_);
    if (idle_.size() < kMaxIdleHandles) idle_.push_back(std::move(handle));
  }

 private:
  std::mutex mutex_;
  std::vector<CurlHandle> idle_;
};

// The credentials of the options, read again for each request.
struct Credentials {
  std::string username;
  std::string password;
  std::string authorization;  // The value of the Authorization header.
};

bool HasControlCharacter(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
  });
}

bool IsHeaderName(std::string_view name) {
  constexpr std::string_view kSeparators = "()<>@,;:\\\"/[]?={}";
  return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
    return c > ' ' && c < 0x7f && kSeparators.find(c) == std::string_view::npos;
  });
}

// Messages never hold a value, since it may be a secret.
Status CheckHeaders(const HttpHeaders& headers) {
  for (const auto& [name, value] : headers) {
    if (!IsHeaderName(name)) {
      return Fail(ErrorCode::kInvalidArgument, "a header's name is not one that HTTP allows");
    }
    if (HasControlCharacter(value)) {
      return Fail(ErrorCode::kInvalidArgument,
                  fmt::format("the value of header {} holds a control character", name));
    }
  }
  return {};
}

Status CheckMethod(std::string_view method) {
  const bool ok = !method.empty() && std::all_of(method.begin(), method.end(),
                                                 [](char c) { return c >= 'A' && c <= 'Z'; });
  if (ok) return {};
  return Fail(ErrorCode::kInvalidArgument, "the method is not one of HTTP");
}

// The content of `file`, or `text` if no file is given. `name` is for errors.
Result<std::string> ReadSecret(std::string_view name, const std::string& text,
                               const std::string& file) {
  Result<std::string> secret = file.empty() ? Result<std::string>(text) : ReadSecretFile(file);
  if (secret && HasControlCharacter(*secret)) {
    return Fail(ErrorCode::kInvalidArgument, fmt::format("{} holds a control character", name));
  }
  return secret;
}

Result<Credentials> ReadCredentials(const HttpClientOptions& options) {
  const bool basic = !options.basic_auth_username.empty();
  const bool authorization =
      !options.authorization_credentials.empty() || !options.authorization_credentials_file.empty();
  if (basic && authorization) {
    return Fail(ErrorCode::kInvalidArgument,
                "at most one of basic_auth and authorization may be configured");
  }
  Credentials credentials;
  if (basic) {
    const Result<std::string> password =
        ReadSecret("the password", options.basic_auth_password, options.basic_auth_password_file);
    if (!password) return tl::make_unexpected(password.error());
    credentials.username = options.basic_auth_username;
    credentials.password = *password;
  }
  if (authorization) {
    const Result<std::string> secret =
        ReadSecret("the authorization's credentials", options.authorization_credentials,
                   options.authorization_credentials_file);
    if (!secret) return tl::make_unexpected(secret.error());
    credentials.authorization = options.authorization_type + " " + *secret;
  }
  return credentials;
}

// The request's own headers, then those of the options that the request does not set.
HttpHeaders AllHeaders(const HttpHeaders& own, const HttpHeaders& added,
                       const std::string& authorization) {
  HttpHeaders all = own;
  const auto add = [&](const std::string& name, const std::string& value) {
    if (FindHeader(own, name).data() == nullptr) all.emplace_back(name, value);
  };
  for (const auto& [name, value] : added) add(name, value);
  if (!authorization.empty()) add("Authorization", authorization);
  return all;
}

// The only headers for a host that a redirect leads to: they describe the content.
HttpHeaders ContentHeaders(const HttpHeaders& headers) {
  HttpHeaders kept;
  for (const char* name : {"Accept", "Content-Type"}) {
    const std::string_view value = FindHeader(headers, name);
    if (!value.empty()) kept.emplace_back(name, value);
  }
  return kept;
}

std::string Describe(const HttpRequest& request, const HttpOrigin& origin) {
  return request.unix_socket.empty() ? ToString(origin) : "unix:" + request.unix_socket;
}

// Changes `request` as a redirect demands (RFC 9110, section 15.4).
void Redirect(int status, std::string url, HttpRequest* request) {
  request->url = std::move(url);
  if (status != 303 || request->method == "HEAD") return;
  request->method = "GET";
  request->body.clear();
}

class CurlHttpClient final : public HttpClient {
 public:
  explicit CurlHttpClient(HttpClientOptions options) : options_(std::move(options)) {
    static const CURLcode initialized = curl_global_init(CURL_GLOBAL_DEFAULT);
    (void)initialized;
  }

  Result<HttpResponse> Send(const HttpRequest& request) override {
    const Duration deadline = clock_.Monotonic() + std::min(request.timeout, kLongestTimeout);
    const Result<HttpOrigin> first = ParseHttpOrigin(request.url);
    if (!first) return tl::make_unexpected(first.error());
    const Result<Credentials> credentials = Prepare(request);
    if (!credentials) return Prefixed(Describe(request, *first), credentials.error());

    HttpRequest next = request;
    for (int redirects = 0; redirects <= kMaxRedirects; ++redirects) {
      const Result<HttpOrigin> origin = ParseHttpOrigin(next.url);
      if (!origin) return Prefixed(ToString(*first) + " gives a bad redirect", origin.error());
      Result<CurlAnswer> answer =
          Exchange(next, MayCarrySecrets(*first, *origin) ? &*credentials : nullptr, deadline);
      if (!answer) return Prefixed(Describe(next, *origin), answer.error());
      const bool follow = options_.follow_redirects && request.unix_socket.empty();
      if (answer->redirect_url.empty() || !follow) return std::move(answer->response);
      Redirect(answer->response.status, std::move(answer->redirect_url), &next);
    }
    return Fail(ErrorCode::kUnavailable,
                fmt::format("{}: more than {} redirects", ToString(*first), kMaxRedirects));
  }

 private:
  Result<Credentials> Prepare(const HttpRequest& request) const {
    for (const Status& status : {CheckMethod(request.method), CheckHeaders(request.headers),
                                 CheckHeaders(options_.headers)}) {
      if (!status) return tl::make_unexpected(status.error());
    }
    return ReadCredentials(options_);
  }

  // Sends one request. `credentials` are null for another server, which a redirect leads to.
  Result<CurlAnswer> Exchange(const HttpRequest& request, const Credentials* credentials,
                              Duration deadline) {
    CurlRequest exchange{.request = request,
                         .headers = ContentHeaders(request.headers),
                         .username = "",
                         .password = "",
                         .timeout = deadline - clock_.Monotonic()};
    if (credentials != nullptr) {
      exchange.headers = AllHeaders(request.headers, options_.headers, credentials->authorization);
      exchange.username = credentials->username;
      exchange.password = credentials->password;
    }
    CurlHandle handle = pool_.Acquire();
    if (!handle) return Fail(ErrorCode::kInternal, "libcurl has no handle");
    Result<CurlAnswer> answer = CurlExchange(handle.get(), exchange, options_);
    pool_.Release(std::move(handle));
    return answer;
  }

  const HttpClientOptions options_;
  const SystemClock clock_;
  HandlePool pool_;
};

}  // namespace

std::unique_ptr<HttpClient> MakeCurlHttpClient(HttpClientOptions options) {
  return std::make_unique<CurlHttpClient>(std::move(options));
}

}  // namespace promheal
