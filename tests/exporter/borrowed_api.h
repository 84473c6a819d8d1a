#pragma once

#include <string_view>

#include "common/io/prometheus/prometheus_api.h"

namespace promheal::anomaly {

// Forwards to a fake that a test owns, because an exporter owns its PrometheusApi.
class BorrowedApi final : public PrometheusApi {
 public:
  explicit BorrowedApi(PrometheusApi& api) : api_(api) {}
  Result<QueryResult> Query(std::string_view query, Time time) override {
    return api_.Query(query, time);
  }
  Result<RangeQueryResult> QueryRange(std::string_view query, Time start, Time end,
                                      Duration step) override {
    return api_.QueryRange(query, start, end, step);
  }

 private:
  PrometheusApi& api_;
};

}  // namespace promheal::anomaly
