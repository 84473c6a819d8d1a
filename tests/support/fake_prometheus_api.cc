#include "tests/support/fake_prometheus_api.h"

namespace promheal::support {

void FakePrometheusApi::Set(const std::string& query, SeriesFunction series) {
  series_[query] = std::move(series);
}

void FakePrometheusApi::SetConstant(const std::string& query, Vector vector) {
  series_[query] = [vector = std::move(vector)](Time) { return vector; };
}

void FakePrometheusApi::ClearFailures() {
  failures_.clear();
  failure_.reset();
}

Result<QueryResult> FakePrometheusApi::Query(std::string_view query, Time time) {
  const std::string name(query);
  asked.push_back({name, time, time});
  if (on_query) on_query();
  if (const auto error = FailureOf(name)) return tl::make_unexpected(*error);
  QueryResult result;
  if (const auto it = series_.find(name); it != series_.end()) {
    for (const auto& [labels, value] : it->second(time)) {
      result.samples.push_back({labels, time, value});
    }
  }
  if (const auto it = warnings_.find(name); it != warnings_.end()) {
    result.warnings.push_back(it->second);
  }
  return result;
}

Result<RangeQueryResult> FakePrometheusApi::QueryRange(std::string_view query, Time start, Time end,
                                                       Duration step) {
  const std::string name(query);
  asked.push_back({name, start, end});
  if (on_query) on_query();
  if (const auto error = FailureOf(name)) return tl::make_unexpected(*error);
  std::map<Labels, std::vector<Point>> points;
  if (const auto it = series_.find(name); it != series_.end()) {
    for (Time time = start; time <= end; time += step) {
      for (const auto& [labels, value] : it->second(time)) points[labels].push_back({time, value});
    }
  }
  RangeQueryResult result;
  for (auto& [labels, each] : points) result.series.push_back({labels, std::move(each)});
  return result;
}

std::optional<Error> FakePrometheusApi::FailureOf(const std::string& query) const {
  if (failure_) return failure_;
  const auto it = failures_.find(query);
  return it == failures_.end() ? std::nullopt : std::optional(it->second);
}

}  // namespace promheal::support
