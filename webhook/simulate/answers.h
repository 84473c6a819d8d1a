#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "common/io/prometheus_api.h"

namespace promheal::healing {

// What Prometheus says, or said, about the past: each question is asked once, and the answers can
// be kept, so that a simulation runs again without a Prometheus and comes to the same. Questions
// are as of the last multiple of five seconds, so that two policies that ask a little apart share
// their answers. Thread safety: none.
class Answers final : public PrometheusApi {
 public:
  // Null: what was recorded only.
  explicit Answers(std::unique_ptr<PrometheusApi> prometheus)
      : prometheus_(std::move(prometheus)) {}

  // One answer a line.
  Status Load(const std::string& path);
  Status Save(const std::string& path) const;

  // kNotFound for what nobody has recorded.
  Result<QueryResult> Query(std::string_view query, Time time) override;
  // Asked anew each time, and not kept.
  Result<RangeQueryResult> QueryRange(std::string_view query, Time start, Time end,
                                      Duration step) override;

  // How many different questions had no answer.
  size_t unanswered() const { return unanswered_.size(); }

 private:
  using Question = std::pair<Time, std::string>;
  std::unique_ptr<PrometheusApi> prometheus_;
  std::map<Question, QueryResult> known_;
  std::map<Question, Error> unanswered_;
};

}  // namespace promheal::healing
