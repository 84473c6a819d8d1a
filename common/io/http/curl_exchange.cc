#include "common/io/http/curl_exchange.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <memory>

#include "common/base/duration.h"
#include "common/base/text.h"
#include "common/io/program.h"

namespace promheal {
namespace {

constexpr size_t kMaxHeaderBytes = size_t{256} << 10;

struct ListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using CurlList = std::unique_ptr<curl_slist, ListDeleter>;

// The answer as it arrives.
struct Incoming {
  HttpResponse response;
  size_t max_body_bytes = 0;
  size_t header_bytes = 0;
  bool too_large = false;  // Reading stopped at a limit.
};

size_t OnBody(const char* data, size_t size, size_t count, void* user) {
  auto* incoming = static_cast<Incoming*>(user);
  const size_t bytes = size * count;
  if (bytes > incoming->max_body_bytes - incoming->response.body.size()) {
    incoming->too_large = true;
    return 0;
  }
  incoming->response.body.append(data, bytes);
  return bytes;
}

size_t OnHeader(const char* data, size_t size, size_t count, void* user) {
  auto* incoming = static_cast<Incoming*>(user);
  const std::string_view line(data, size * count);
  incoming->header_bytes += line.size();
  if (incoming->header_bytes > kMaxHeaderBytes) {
    incoming->too_large = true;
    return 0;
  }
  if (line.starts_with("HTTP/")) incoming->response.headers.clear();  // An earlier 1xx answer.
  const size_t colon = line.find(':');
  if (colon != std::string_view::npos) {
    incoming->response.headers.emplace_back(Trimmed(line.substr(0, colon)),
                                            Trimmed(line.substr(colon + 1)));
  }
  return line.size();
}

void SetText(CURL* handle, CURLoption option, const std::string& text) {
  if (!text.empty()) curl_easy_setopt(handle, option, text.c_str());
}

void SetMethod(CURL* handle, const HttpRequest& request) {
  if (request.method == "HEAD") {
    curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
    return;
  }
  if (request.method != "GET" || !request.body.empty()) {
    curl_easy_setopt(handle, CURLOPT_POST, 1L);
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request.body.c_str());
  }
  curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

void SetDeadline(CURL* handle, Duration timeout) {
  const auto milliseconds = static_cast<long>(std::clamp<int64_t>(
      timeout.count(), 1, std::numeric_limits<int>::max()));  // 0 would mean no limit.
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  // Otherwise a silent name server would block this thread beyond the deadline.
  curl_easy_setopt(handle, CURLOPT_QUICK_EXIT, 1L);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, milliseconds);
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, milliseconds);
}

void SetConnection(CURL* handle, const HttpRequest& request, const HttpClientOptions& options) {
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  SetText(handle, CURLOPT_UNIX_SOCKET_PATH, request.unix_socket);
  // Set even if empty: libcurl would otherwise use a proxy from the environment.
  curl_easy_setopt(handle, CURLOPT_PROXY,
                   request.unix_socket.empty() ? options.proxy_url.c_str() : "");
  curl_easy_setopt(handle, CURLOPT_FRESH_CONNECT, request.reuse_connection ? 0L : 1L);
  curl_easy_setopt(handle, CURLOPT_TCP_KEEPALIVE, 1L);
  SetText(handle, CURLOPT_CAINFO, options.ca_file);
  SetText(handle, CURLOPT_SSLCERT, options.cert_file);
  SetText(handle, CURLOPT_SSLKEY, options.key_file);
  curl_easy_setopt(handle, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
  curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, options.insecure_skip_verify ? 0L : 1L);
  curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, options.insecure_skip_verify ? 0L : 2L);
}

void SetBasicAuth(CURL* handle, const CurlRequest& request) {
  if (request.username.empty()) return;
  curl_easy_setopt(handle, CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
  curl_easy_setopt(handle, CURLOPT_USERNAME, request.username.c_str());
  curl_easy_setopt(handle, CURLOPT_PASSWORD, request.password.c_str());
}

void SetReceiver(CURL* handle, Incoming* incoming) {
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, OnBody);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, incoming);
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, OnHeader);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, incoming);
  curl_easy_setopt(handle, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  curl_easy_setopt(handle, CURLOPT_ACCEPT_ENCODING, "gzip");
}

// libcurl adds Content-Type and Expect by itself; a bare "Name:" removes them.
CurlList MakeHeaderList(const HttpHeaders& headers) {
  CurlList list;
  const auto append = [&list](const std::string& line) {
    curl_slist* longer = curl_slist_append(list.get(), line.c_str());
    (void)list.release();
    list.reset(longer);
  };
  for (const auto& [name, value] : headers) {
    append(value.empty() ? name + ";" : fmt::format("{}: {}", name, value));
  }
  if (FindHeader(headers, "Content-Type").empty()) append("Content-Type:");
  append("Expect:");
  return list;
}

ErrorCode CodeOf(CURLcode code) {
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
      return ErrorCode::kTimeout;
    case CURLE_URL_MALFORMAT:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
      return ErrorCode::kInvalidArgument;
    case CURLE_UNSUPPORTED_PROTOCOL:  // The URL is http: the answer is not.
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING:
      return ErrorCode::kDataLoss;
    case CURLE_FAILED_INIT:
    case CURLE_NOT_BUILT_IN:
    case CURLE_BAD_FUNCTION_ARGUMENT:
    case CURLE_UNKNOWN_OPTION:
      return ErrorCode::kInternal;
    default:
      return ErrorCode::kUnavailable;
  }
}

tl::unexpected<Error> Failure(CURLcode code, const char* details, const CurlRequest& request,
                              const Incoming& incoming) {
  if (incoming.too_large) {
    return Fail(ErrorCode::kDataLoss,
                fmt::format("the answer is larger than {} bytes", incoming.max_body_bytes));
  }
  if (code == CURLE_OPERATION_TIMEDOUT) {
    return Fail(ErrorCode::kTimeout, fmt::format("no complete answer within {}",
                                                 FormatDuration(request.request.timeout)));
  }
  return Fail(CodeOf(code), *details != '\0' ? details : curl_easy_strerror(code));
}

bool IsRedirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

}  // namespace

Result<CurlAnswer> CurlExchange(CURL* handle, const CurlRequest& request,
                                const HttpClientOptions& options) {
  static const std::string user_agent = "promheal/" + ThisBuild().version;
  Incoming incoming;
  incoming.max_body_bytes = request.request.max_response_bytes;
  std::array<char, CURL_ERROR_SIZE> details{};
  const CurlList headers = MakeHeaderList(request.headers);

  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, details.data());
  curl_easy_setopt(handle, CURLOPT_URL, request.request.url.c_str());
  curl_easy_setopt(handle, CURLOPT_USERAGENT, user_agent.c_str());
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.get());
  SetMethod(handle, request.request);
  SetDeadline(handle, request.timeout);
  SetConnection(handle, request.request, options);
  SetBasicAuth(handle, request);
  SetReceiver(handle, &incoming);
  const CURLcode code = curl_easy_perform(handle);
  if (code != CURLE_OK) return Failure(code, details.data(), request, incoming);

  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  incoming.response.status = static_cast<int>(status);
  CurlAnswer answer{.response = std::move(incoming.response), .redirect_url = ""};
  const char* redirect_url = nullptr;
  curl_easy_getinfo(handle, CURLINFO_REDIRECT_URL, &redirect_url);
  if (redirect_url != nullptr && IsRedirect(answer.response.status)) {
    answer.redirect_url = redirect_url;
  }
  return answer;
}

}  // namespace promheal
