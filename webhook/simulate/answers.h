#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "common/io/prometheus/prometheus_api.h"

namespace promheal::healing {

// What Prometheus says, or said, about the past: each question is asked once, and the answers can
// be kept, so that a simulation runs again without a Prometheus and comes to the same. Questions
// are as of the last multiple of five seconds, so that two policies that ask a little apart share
// their answers. Once a Prometheus is found to be away, it is not asked again: a course with holes
// would be another one. Thread safety: none.
class Answers final : public PrometheusApi {
 public:
  // Null: what was recorded only.
  explicit Answers(std::unique_ptr<PrometheusApi> prometheus)
      : prometheus_(std::move(prometheus)) {}

  // One answer a line of JSON.
  Status Load(const std::string& path);
  Status Save(const std::string& path) const;

  // kNotFound for what nobody has recorded.
  Result<QueryResult> Query(std::string_view query, Time time) override;
  Result<RangeQueryResult> QueryRange(std::string_view query, Time start, Time end,
                                      Duration step) override;

  // How many different questions had no answer.
  size_t unanswered() const { return unanswered_.size(); }
  // The error where Prometheus has not answered at all; what was asked since counts for nothing.
  Status WasThere() const;

 private:
  using Question = std::pair<Time, std::string>;
  using RangeQuestion = std::tuple<Time, Time, Duration, std::string>;

  Status LoadLine(const std::string& line);
  // Asks Prometheus, where there is one that answers.
  template <typename Answer, typename Ask>
  Result<Answer> Asked(const Ask& ask);

  std::unique_ptr<PrometheusApi> prometheus_;
  std::map<Question, QueryResult> known_;
  std::map<RangeQuestion, RangeQueryResult> known_ranges_;
  std::map<Question, Error> unanswered_;
  std::optional<Error> away_;
};

}  // namespace promheal::healing
