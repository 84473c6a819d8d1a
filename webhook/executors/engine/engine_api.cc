#include "webhook/executors/engine/engine_api.h"

#include <fmt/core.h>
#include <poll.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace promheal::healing {
namespace {

constexpr size_t kMostBytes = size_t{16} << 20;

// "1.41" in its two parts.
struct ApiVersion {
  int major = 0;
  int minor = 0;
  auto operator<=>(const ApiVersion&) const = default;
};

// All requests are known to work with these versions.
constexpr ApiVersion kOldest{1, 25};
constexpr ApiVersion kNewest{1, 48};

std::optional<ApiVersion> ParseApiVersion(std::string_view text) {
  ApiVersion version;
  const char* end = text.data() + text.size();
  const auto major = std::from_chars(text.data(), end, version.major);
  if (major.ec != std::errc() || major.ptr == end || *major.ptr != '.') return std::nullopt;
  const auto minor = std::from_chars(major.ptr + 1, end, version.minor);
  if (minor.ec != std::errc() || minor.ptr != end) return std::nullopt;
  return version;
}

std::string Target(const std::string& prefix, const EngineRequest& request) {
  std::string target = prefix;
  for (const std::string& part : request.path) target += '/' + PercentEncode(part);
  if (!request.query.empty()) target += '?' + EncodeForm(request.query);
  return target;
}

bool SaysWrongVersion(const EngineAnswer& answer) {
  return answer.status == 400 && answer.body.find("client version") != std::string::npos;
}

}  // namespace

Result<std::string> ChooseApiVersion(const EngineVersion& engine) {
  const std::optional<ApiVersion> newest = ParseApiVersion(engine.api);
  if (!newest) return Fail(ErrorCode::kDataLoss, "the engine does not say its API version");
  const ApiVersion oldest = ParseApiVersion(engine.least_api).value_or(ApiVersion{});
  const ApiVersion chosen = std::min(*newest, kNewest);
  if (chosen < kOldest || chosen < oldest) {
    return Fail(ErrorCode::kFailedPrecondition,
                fmt::format("the engine knows API {} to {}, this program knows {}.{} to {}.{}",
                            engine.least_api.empty() ? "?" : engine.least_api, engine.api,
                            kOldest.major, kOldest.minor, kNewest.major, kNewest.minor));
  }
  return fmt::format("{}.{}", chosen.major, chosen.minor);
}

HttpEngine::HttpEngine(std::string socket, const Clock& clock)
    : socket_(std::move(socket)), clock_(clock), client_(MakeCurlHttpClient({})) {}

Result<EngineAnswer> HttpEngine::Send(const EngineRequest& request, Duration deadline) {
  const Duration end = clock_.Monotonic() + deadline;
  const Result<std::string> prefix = Prefix(deadline);
  if (!prefix) return tl::make_unexpected(prefix.error());
  Result<EngineAnswer> answer = SendAs(*prefix, request, end - clock_.Monotonic());
  if (!answer || !SaysWrongVersion(*answer)) return answer;
  {
    const std::lock_guard lock(mutex_);
    prefix_.clear();
  }
  const Result<std::string> other = Prefix(end - clock_.Monotonic());
  if (!other || *other == *prefix) return answer;
  return SendAs(*other, request, end - clock_.Monotonic());
}

Result<EngineVersion> HttpEngine::Version(Duration deadline) {
  const Result<EngineAnswer> answer = SendAs("", {.path = {"version"}}, deadline);
  if (!answer) return tl::make_unexpected(answer.error());
  if (answer->status != 200) {
    return Fail(answer->status == 403 ? ErrorCode::kPermissionDenied : ErrorCode::kUnavailable,
                fmt::format("asking for its version: status {}: {}", answer->status,
                            EngineMessage(answer->body)));
  }
  return ParseEngineVersion(answer->body);
}

void HttpEngine::Pause(Duration duration) {
  ::poll(nullptr, 0, static_cast<int>(std::clamp<int64_t>(duration.count(), 0, 60'000)));
}

Result<std::string> HttpEngine::Prefix(Duration deadline) {
  {
    const std::lock_guard lock(mutex_);
    if (!prefix_.empty()) return prefix_;
  }
  const Result<EngineVersion> version = Version(deadline);
  if (!version && version.error().code == ErrorCode::kTimeout) {
    // Only the version was asked for, so nothing can have happened.
    return Fail(ErrorCode::kUnavailable, version.error().message);
  }
  if (!version) return tl::make_unexpected(version.error());
  const Result<std::string> chosen = ChooseApiVersion(*version);
  if (!chosen) return tl::make_unexpected(chosen.error());
  const std::lock_guard lock(mutex_);
  prefix_ = "/v" + *chosen;
  return prefix_;
}

Result<EngineAnswer> HttpEngine::SendAs(const std::string& prefix, const EngineRequest& request,
                                        Duration deadline) {
  if (deadline <= Duration(0)) {
    return Fail(ErrorCode::kUnavailable, "not asked: no time is left");
  }
  HttpRequest http{.method = request.method,
                   .url = "http://docker" + Target(prefix, request),
                   .headers = {},
                   .body = request.body,
                   .timeout = deadline,
                   .unix_socket = socket_,
                   .max_response_bytes = kMostBytes,
                   .reuse_connection = request.method == "GET"};
  if (!request.body.empty()) http.headers = {{"Content-Type", "application/json"}};
  Result<HttpResponse> response = client_->Send(http);
  if (!response) return tl::make_unexpected(response.error());
  return EngineAnswer{response->status, std::move(response->body)};
}

}  // namespace promheal::healing
