#include "exporter/scoring/feature_queries.h"

#include <algorithm>
#include <cmath>

namespace promheal::anomaly {
namespace {

std::string Reason(ErrorCode code) {
  switch (code) {
    case ErrorCode::kUnavailable:
      return "unavailable";
    case ErrorCode::kTimeout:
      return "timeout";
    case ErrorCode::kInvalidArgument:
      return "bad_query";
    case ErrorCode::kPermissionDenied:
      return "permission_denied";
    default:
      return "bad_answer";
  }
}

}  // namespace

const std::vector<std::string>& QueryFailureReasons() {
  static const std::vector<std::string> kReasons = {"unavailable",       "timeout",    "bad_query",
                                                    "permission_denied", "bad_answer", "deadline"};
  return kReasons;
}

bool IsExcluded(const Labels& target, const std::vector<Labels>& excluded) {
  return std::any_of(excluded.begin(), excluded.end(), [&](const Labels& labels) {
    return std::all_of(labels.begin(), labels.end(), [&](const Labels::Pair& label) {
      return !target.Has(label.first) || target.Get(label.first) == label.second;
    });
  });
}

FeatureQueries::FeatureQueries(const ExporterConfig& config, PrometheusApi& api, const Clock& clock,
                               Logger& logger)
    : config_(config), api_(api), clock_(clock), logger_(logger) {}

Answers FeatureQueries::Ask(Time time) {
  const Duration deadline = clock_.Monotonic() + config_.interval;
  complaints_.clear();
  Answers answers;
  for (const FeatureConfig& feature : config_.features) {
    auto samples = RunQuery(feature.expr, time, deadline, answers);
    FeatureColumn column;
    column.failed = !samples;
    if (samples) column.samples = *std::move(samples);
    answers.features.push_back(std::move(column));
  }
  for (const std::string& expr : config_.impact) {
    if (const auto samples = RunQuery(expr, time, deadline, answers)) AddImpact(*samples, answers);
  }
  answers.excluded.emplace();
  for (const std::string& expr : config_.training.exclude_when) {
    const auto samples = RunQuery(expr, time, deadline, answers);
    if (!samples) {
      answers.excluded.reset();
      break;
    }
    for (const Sample& sample : *samples) answers.excluded->push_back(sample.labels);
  }
  LogChanges(answers);
  return answers;
}

Result<std::vector<Sample>> FeatureQueries::RunQuery(const std::string& expr, Time time,
                                                     Duration deadline, Answers& answers) {
  ++answers.asked;
  if (clock_.Monotonic() >= deadline) {
    ++answers.failed;
    answers.failures.insert("deadline");
    complaints_[expr] = "not asked: the earlier queries of the cycle took a whole interval";
    return Fail(ErrorCode::kTimeout, "the cycle's earlier queries took a whole interval");
  }
  Result<QueryResult> result = api_.Query(expr, time);
  complaints_[expr] = !result                    ? result.error().message
                      : result->warnings.empty() ? ""
                                                 : result->warnings.front();
  if (!result) {
    ++answers.failed;
    answers.failures.insert(Reason(result.error().code));
    return tl::make_unexpected(result.error());
  }
  return std::move(result->samples);
}

// If no query was answered, logs that once instead of a line for each query.
void FeatureQueries::LogChanges(const Answers& answers) {
  const bool silence = answers.failed == answers.asked;
  if (silence && !logged_silence_) {
    logger_.Warn("Prometheus answers no query", {{"error", complaints_.begin()->second}});
  } else if (!silence && logged_silence_) {
    logger_.Info("Prometheus answers again");
  }
  logged_silence_ = silence;
  if (silence) return;
  for (const auto& [expr, complaint] : complaints_) {
    std::string& logged = logged_[expr];
    LogChange(expr, logged, complaint);
    logged = complaint;
  }
}

void FeatureQueries::LogChange(const std::string& expr, const std::string& before,
                               const std::string& now) {
  if (now == before) return;
  if (now.empty()) {
    logger_.Info("query works again", {{"query", expr}});
  } else {
    logger_.Warn("query fails or is not answered fully", {{"query", expr}, {"error", now}});
  }
}

void FeatureQueries::AddImpact(const std::vector<Sample>& samples, Answers& answers) const {
  for (const Sample& sample : samples) {
    if (std::isnan(sample.value) || !sample.labels.HasAll(config_.target_labels)) continue;
    double& impact = answers.impact[sample.labels.Only(config_.target_labels)];
    impact = std::max(impact, std::clamp(sample.value, 0.0, 1.0));
  }
}

}  // namespace promheal::anomaly
