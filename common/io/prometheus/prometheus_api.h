#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/result.h"
#include "common/base/sample.h"
#include "common/io/http/http_client.h"

namespace promheal {

struct QueryResult {
  std::vector<Sample> samples;
  std::vector<std::string>
      warnings;  // Never ignore: Thanos and others answer 200 with partial data.
};

struct RangeQueryResult {
  std::vector<Series> series;
  std::vector<std::string> warnings;
};

// Reads from any server with Prometheus' HTTP API.
// Errors: kInvalidArgument for a query that Prometheus refuses (bad_data, execution) or that does
// not return numbers; kUnavailable and kTimeout from the HTTP client, and for status 5xx and 429;
// kPermissionDenied for 401 and 403; kNotFound if the URL has no API; kDataLoss for an answer of
// status 200 that is not Prometheus' JSON (a proxy's HTML, cut off), with its first words.
// No request is tried twice. Thread safety: any thread.
class PrometheusApi {
 public:
  virtual ~PrometheusApi() = default;

  // The samples of a vector; a scalar is one sample without labels.
  virtual Result<QueryResult> Query(std::string_view query, Time time) = 0;

  // Points at start, start+step, ... up to end, which must not lie before start. Splits the range
  // into requests of at most PrometheusApiOptions::max_points_per_request points a series, and
  // joins their answers.
  virtual Result<RangeQueryResult> QueryRange(std::string_view query, Time start, Time end,
                                              Duration step) = 0;
};

struct PrometheusApiOptions {
  std::string url = "http://localhost:9090";    // With any path prefix, such as /prometheus.
  Duration timeout = std::chrono::seconds(10);  // For each request, also sent to Prometheus.
  std::vector<std::pair<std::string, std::string>> parameters;  // Added to every query.
  bool accept_partial = true;          // false: an answer with warnings is an error (kUnavailable).
  int max_points_per_request = 10000;  // Prometheus' own limit is 11,000 points a series.
  HttpClientOptions http;
};

// The cost of all queries so far, for our own metrics.
struct PrometheusApiStatistics {
  uint64_t queries = 0;  // Requests sent: a range may need several.
  uint64_t failures = 0;
  uint64_t samples = 0;
  uint64_t warnings = 0;
  double seconds = 0.0;
};

class HttpPrometheusApi final : public PrometheusApi {
 public:
  // `client` null: uses libcurl with options.http.
  explicit HttpPrometheusApi(PrometheusApiOptions options,
                             std::unique_ptr<HttpClient> client = nullptr);
  ~HttpPrometheusApi() override;

  Result<QueryResult> Query(std::string_view query, Time time) override;
  Result<RangeQueryResult> QueryRange(std::string_view query, Time start, Time end,
                                      Duration step) override;
  PrometheusApiStatistics statistics() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Whether a warning says that data are missing. Prometheus 3 also warns about the query itself
// ("PromQL warning: ..."), with complete data.
bool MeansPartialData(std::string_view warning);

// Read the answers of /api/v1/query and /api/v1/query_range. Exposed for tests and fuzzers.
Result<QueryResult> ParseQueryResponse(std::string_view json);
Result<RangeQueryResult> ParseRangeQueryResponse(std::string_view json);

}  // namespace promheal
