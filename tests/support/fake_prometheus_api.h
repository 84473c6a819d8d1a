#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/io/prometheus/prometheus_api.h"

namespace promheal::support {

// A Prometheus whose series are functions of time, for instant and range queries, and that fails on
// request. Not thread-safe.
class FakePrometheusApi final : public PrometheusApi {
 public:
  using Vector = std::vector<std::pair<Labels, double>>;
  using SeriesFunction = std::function<Vector(Time)>;

  // Sets the answer to `query`; any other query has no series.
  void Set(const std::string& query, SeriesFunction series);
  void SetConstant(const std::string& query, Vector vector);

  // `query` (or every query) fails with `error` until cleared.
  void Fail(const std::string& query, Error error) { failures_[query] = std::move(error); }
  void FailAll(Error error) { failure_ = std::move(error); }
  void ClearFailures();
  // Adds a warning to every answer to `query`.
  void Warn(const std::string& query, std::string warning) {
    warnings_[query] = std::move(warning);
  }

  // Called before each answer: to let time pass, for example.
  std::function<void()> on_query;

  Result<QueryResult> Query(std::string_view query, Time time) override;
  Result<RangeQueryResult> QueryRange(std::string_view query, Time start, Time end,
                                      Duration step) override;

  struct Asked {
    std::string query;
    Time start;
    Time end;  // The same as start for an instant query.
  };
  std::vector<Asked> asked;

 private:
  std::optional<Error> FailureOf(const std::string& query) const;

  std::map<std::string, SeriesFunction> series_;
  std::map<std::string, Error> failures_;
  std::map<std::string, std::string> warnings_;
  std::optional<Error> failure_;
};

}  // namespace promheal::support
