#include "common/io/prometheus/prometheus_api.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <mutex>

#include "common/base/duration.h"
#include "common/io/clock.h"
#include "common/io/http/http_origin.h"
#include "common/io/prometheus/prometheus_json.h"
#include "common/io/utf8.h"

namespace promheal {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

constexpr size_t kMaxFirstWords = 80;

// Times and durations as Prometheus reads them: seconds with a fraction.
std::string Seconds(Time time) { return fmt::format("{:.3f}", ToUnixSeconds(time)); }
std::string Seconds(Duration duration) { return Seconds(Time(duration)); }

// The error code of an HTTP status whose body holds no API error.
ErrorCode CodeOfStatus(int status) {
  if (status == 401 || status == 403) return ErrorCode::kPermissionDenied;
  if (status == 404) return ErrorCode::kNotFound;
  if (status == 408 || status == 504) return ErrorCode::kTimeout;
  if (status == 429 || status >= 500) return ErrorCode::kUnavailable;
  return ErrorCode::kInvalidArgument;
}

std::string_view Hint(int status) {
  if (status == 401 || status == 403) return "check the credentials";
  if (status == 404) return "no Prometheus API here, check the URL and its path prefix";
  if (status >= 300 && status < 400) return "a redirect that is not followed, check the URL";
  return "not Prometheus' JSON";
}

Error ErrorOf(const HttpResponse& response) {
  const ErrorCode code = CodeOfStatus(response.status);
  if (std::optional<Error> error = FindApiError(response.body, code)) return *error;
  std::string message = fmt::format("HTTP status {} ({})", response.status, Hint(response.status));
  const std::string words = FirstWords(response.body, kMaxFirstWords);
  if (!words.empty()) message += ": " + words;
  return {code, std::move(message)};
}

uint64_t CountSamples(const QueryResult& result) { return result.samples.size(); }

uint64_t CountSamples(const RangeQueryResult& result) {
  uint64_t count = 0;
  for (const Series& series : result.series) count += series.points.size();
  return count;
}

// Joins the answers for the pieces of a range, in order of time.
class RangeJoiner {
 public:
  void Add(RangeQueryResult piece) {
    for (Series& series : piece.series) {
      const auto [place, is_new] = places_.emplace(series.labels, joined_.series.size());
      if (is_new) {
        joined_.series.push_back(std::move(series));
      } else {
        std::vector<Point>& points = joined_.series[place->second].points;
        points.insert(points.end(), series.points.begin(), series.points.end());
      }
    }
    for (std::string& warning : piece.warnings) {
      std::vector<std::string>& all = joined_.warnings;
      if (std::find(all.begin(), all.end(), warning) == all.end())
        all.push_back(std::move(warning));
    }
  }

  RangeQueryResult Joined() { return std::move(joined_); }

 private:
  RangeQueryResult joined_;
  std::map<Labels, size_t> places_;
};

}  // namespace

struct HttpPrometheusApi::Impl {
  PrometheusApiOptions options;
  std::unique_ptr<HttpClient> client;
  std::string base_url;  // Without a slash at the end.
  std::string origin;    // The part of the URL that errors may show.
  const SystemClock clock{};
  mutable std::mutex mutex;
  PrometheusApiStatistics statistics;

  // Sends one query, reads the answer, and counts both.
  template <typename T>
  Result<T> Ask(std::string_view endpoint, Fields fields, Result<T> (*parse)(std::string_view)) {
    const Duration start = clock.Monotonic();
    Result<T> result = Exchange(endpoint, std::move(fields), parse);
    const Duration elapsed = clock.Monotonic() - start;
    const std::lock_guard lock(mutex);
    ++statistics.queries;
    statistics.seconds += std::chrono::duration<double>(elapsed).count();
    if (result) {
      statistics.samples += CountSamples(*result);
      statistics.warnings += result->warnings.size();
    } else {
      ++statistics.failures;
    }
    return result;
  }

  template <typename T>
  Result<T> Exchange(std::string_view endpoint, Fields fields,
                     Result<T> (*parse)(std::string_view)) {
    const Result<HttpResponse> response = client->Send(MakeRequest(endpoint, std::move(fields)));
    if (!response) return tl::make_unexpected(response.error());
    if (response->status / 100 != 2) return Prefixed(origin, ErrorOf(*response));
    Result<T> result = parse(response->body);
    if (!result) return Prefixed(origin, result.error());
    const auto warning =
        std::find_if(result->warnings.begin(), result->warnings.end(), MeansPartialData);
    if (!options.accept_partial && warning != result->warnings.end()) {
      return Fail(ErrorCode::kUnavailable,
                  fmt::format("{}: partial data: {}", origin, FirstWords(*warning, 200)));
    }
    return result;
  }

  HttpRequest MakeRequest(std::string_view endpoint, Fields fields) const {
    fields.emplace_back("timeout", Seconds(options.timeout));  // Prometheus stops working then.
    fields.insert(fields.end(), options.parameters.begin(), options.parameters.end());
    HttpRequest request;
    request.method = "POST";
    request.url = fmt::format("{}/api/v1/{}", base_url, endpoint);
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                       {"Accept", "application/json"}};
    request.body = EncodeForm(fields);
    request.timeout = options.timeout;
    return request;
  }
};

HttpPrometheusApi::HttpPrometheusApi(PrometheusApiOptions options,
                                     std::unique_ptr<HttpClient> client)
    : impl_(std::make_unique<Impl>()) {
  impl_->base_url = WithoutSlashAtEnd(options.url);
  const Result<HttpOrigin> origin = ParseHttpOrigin(options.url);
  impl_->origin = origin ? ToString(*origin) : "Prometheus";
  impl_->client = client ? std::move(client) : MakeCurlHttpClient(options.http);
  impl_->options = std::move(options);
}

HttpPrometheusApi::~HttpPrometheusApi() = default;

Result<QueryResult> HttpPrometheusApi::Query(std::string_view query, Time time) {
  return impl_->Ask("query", {{"query", std::string(query)}, {"time", Seconds(time)}},
                    &ParseQueryResponse);
}

Result<RangeQueryResult> HttpPrometheusApi::QueryRange(std::string_view query, Time start, Time end,
                                                       Duration step) {
  if (step <= Duration(0) || start > end) {
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("a range from {} to {} in steps of {}: expected the start before the "
                            "end and a positive step",
                            FormatRfc3339(start), FormatRfc3339(end), FormatDuration(step)));
  }
  const Duration piece_length = step * (std::max(impl_->options.max_points_per_request, 1) - 1);
  RangeJoiner joiner;
  for (Time piece = start; piece <= end; piece += piece_length + step) {
    Result<RangeQueryResult> result =
        impl_->Ask("query_range",
                   {{"query", std::string(query)},
                    {"start", Seconds(piece)},
                    {"end", Seconds(std::min(end, piece + piece_length))},
                    {"step", Seconds(step)}},
                   &ParseRangeQueryResponse);
    if (!result) return result;
    joiner.Add(std::move(*result));
  }
  return joiner.Joined();
}

PrometheusApiStatistics HttpPrometheusApi::statistics() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->statistics;
}

bool MeansPartialData(std::string_view warning) { return !warning.starts_with("PromQL "); }

}  // namespace promheal
