#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "common/io/prometheus/prometheus_api.h"

namespace promheal::healing {

// Prometheus' answers about the past. Each question is asked once. Answers can be saved, so that a
// simulation runs again without Prometheus and gives the same result. Questions are rounded down to
// five seconds, so that two policies that ask at slightly different times share an answer. If
// Prometheus is away, it is not asked again, because gaps would change the result.
// Thread safety: none.
class Answers final : public PrometheusApi {
 public:
  // Null: only recorded answers count.
  explicit Answers(std::unique_ptr<PrometheusApi> prometheus)
      : prometheus_(std::move(prometheus)) {}

  // Each answer is a line of JSON.
  Status Load(const std::string& path);
  Status Save(const std::string& path) const;

  // kNotFound if no answer to the question was recorded.
  Result<QueryResult> Query(std::string_view query, Time time) override;
  Result<RangeQueryResult> QueryRange(std::string_view query, Time start, Time end,
                                      Duration step) override;

  // The number of different questions without an answer.
  size_t unanswered() const { return unanswered_.size(); }
  // The error if Prometheus did not answer at all; answers since then do not count.
  Status WasThere() const;

 private:
  using Question = std::pair<Time, std::string>;
  using RangeQuestion = std::tuple<Time, Time, Duration, std::string>;

  Status LoadLine(const std::string& line);
  // Asks Prometheus, if there is one and it answered so far.
  template <typename Answer, typename Ask>
  Result<Answer> Asked(const Ask& ask);

  std::unique_ptr<PrometheusApi> prometheus_;
  std::map<Question, QueryResult> known_;
  std::map<RangeQuestion, RangeQueryResult> known_ranges_;
  std::map<Question, Error> unanswered_;
  std::optional<Error> away_;
};

}  // namespace promheal::healing
