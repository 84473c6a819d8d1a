#include "webhook/simulate/answers.h"

#include <fmt/core.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <sstream>

#include "common/base/duration.h"
#include "common/io/file.h"

namespace promheal::healing {
namespace {

using Json = nlohmann::json;

constexpr Duration kResolution = std::chrono::seconds(5);

// As text, because JSON has neither NaN nor infinity.
Json ToJson(double value) { return fmt::format("{}", value); }

double ValueFrom(const Json& json) {
  const auto text = json.get<std::string>();
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);  // Also reads subnormal numbers.
  if (text.empty() || *end != '\0') {
    throw std::runtime_error(fmt::format("'{}' is not a number", text));
  }
  return value;
}

Json ToJson(const Labels& labels) {
  Json json = Json::object();
  for (const auto& [name, value] : labels) json[name] = value;
  return json;
}

Labels LabelsFrom(const Json& json) {
  std::vector<Labels::Pair> labels;
  for (const auto& [name, value] : json.items()) {
    labels.emplace_back(name, value.get<std::string>());
  }
  return Labels(std::move(labels));
}

Time TimeFrom(const Json& json) {
  const auto text = json.get<std::string>();
  const Result<Time> time = ParseRfc3339(text);
  if (!time) throw std::runtime_error(fmt::format("'{}': {}", text, time.error().message));
  return *time;
}

Duration StepFrom(const Json& json) {
  const auto text = json.get<std::string>();
  const Result<Duration> step = ParseDuration(text);
  if (!step) throw std::runtime_error(fmt::format("'{}': {}", text, step.error().message));
  return *step;
}

Json SamplesJson(const QueryResult& answer) {
  Json samples = Json::array();
  for (const Sample& sample : answer.samples) {
    samples.push_back({{"labels", ToJson(sample.labels)}, {"value", ToJson(sample.value)}});
  }
  return samples;
}

QueryResult AnswerFrom(const Json& json, Time time) {
  QueryResult answer;
  for (const Json& sample : json.at("samples")) {
    answer.samples.push_back(
        {LabelsFrom(sample.at("labels")), time, ValueFrom(sample.at("value"))});
  }
  json.at("warnings").get_to(answer.warnings);
  return answer;
}

Json SeriesJson(const RangeQueryResult& answer) {
  Json all = Json::array();
  for (const Series& series : answer.series) {
    Json points = Json::array();
    for (const Point& point : series.points) {
      points.push_back({FormatRfc3339(point.time), ToJson(point.value)});
    }
    all.push_back({{"labels", ToJson(series.labels)}, {"points", std::move(points)}});
  }
  return all;
}

RangeQueryResult RangeAnswerFrom(const Json& json) {
  RangeQueryResult answer;
  for (const Json& entry : json.at("series")) {
    Series series{LabelsFrom(entry.at("labels")), {}};
    for (const Json& point : entry.at("points")) {
      series.points.push_back({TimeFrom(point.at(0)), ValueFrom(point.at(1))});
    }
    answer.series.push_back(std::move(series));
  }
  json.at("warnings").get_to(answer.warnings);
  return answer;
}

std::string Line(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

Status Answers::Load(const std::string& path) {
  const Result<std::string> text = ReadFile(path, size_t{1} << 30);
  if (!text) return tl::make_unexpected(text.error());
  std::istringstream lines(*text);
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    if (auto status = LoadLine(line); !status) {
      return Prefixed(fmt::format("{}:{}", path, number), status.error());
    }
  }
  return {};
}

Status Answers::LoadLine(const std::string& line) {
  try {
    const Json json = Json::parse(line);
    auto query = json.at("query").get<std::string>();
    if (json.contains("step")) {
      known_ranges_[{TimeFrom(json.at("start")), TimeFrom(json.at("end")),
                     StepFrom(json.at("step")), std::move(query)}] = RangeAnswerFrom(json);
      return {};
    }
    const Time time = TimeFrom(json.at("time"));
    known_[{time, std::move(query)}] = AnswerFrom(json, time);
    return {};
  } catch (const std::exception& e) {
    return Fail(ErrorCode::kDataLoss, fmt::format("not a line that --answers wrote: {}", e.what()));
  }
}

Status Answers::Save(const std::string& path) const {
  std::string text;
  for (const auto& [question, answer] : known_ranges_) {
    const auto& [start, end, step, query] = question;
    text += Line({{"query", query},
                  {"start", FormatRfc3339(start)},
                  {"end", FormatRfc3339(end)},
                  {"step", FormatDuration(step)},
                  {"series", SeriesJson(answer)},
                  {"warnings", answer.warnings}});
  }
  for (const auto& [question, answer] : known_) {
    text += Line({{"query", question.second},
                  {"time", FormatRfc3339(question.first)},
                  {"samples", SamplesJson(answer)},
                  {"warnings", answer.warnings}});
  }
  return WriteFileAtomically(path, text);
}

Status Answers::WasThere() const {
  if (away_) return tl::make_unexpected(*away_);
  return {};
}

// A rejected query counts as a question without an answer; any other error means that Prometheus
// is away.
template <typename Answer, typename Ask>
Result<Answer> Answers::Asked(const Ask& ask) {
  if (!prometheus_) return Fail(ErrorCode::kNotFound, "no answer to this was recorded");
  if (away_) return tl::make_unexpected(*away_);
  Result<Answer> answer = ask();
  if (!answer && answer.error().code != ErrorCode::kInvalidArgument) away_ = answer.error();
  return answer;
}

Result<QueryResult> Answers::Query(std::string_view query, Time time) {
  const Question question{AlignDown(time, kResolution), std::string(query)};
  if (const auto it = known_.find(question); it != known_.end()) return it->second;
  if (const auto it = unanswered_.find(question); it != unanswered_.end()) {
    return tl::make_unexpected(it->second);
  }
  Result<QueryResult> answer =
      Asked<QueryResult>([&] { return prometheus_->Query(query, question.first); });
  if (answer) {
    known_[question] = *answer;
  } else {
    unanswered_[question] = answer.error();
  }
  return answer;
}

Result<RangeQueryResult> Answers::QueryRange(std::string_view query, Time start, Time end,
                                             Duration step) {
  const RangeQuestion question{start, end, step, std::string(query)};
  if (const auto it = known_ranges_.find(question); it != known_ranges_.end()) return it->second;
  Result<RangeQueryResult> answer =
      Asked<RangeQueryResult>([&] { return prometheus_->QueryRange(query, start, end, step); });
  if (answer) known_ranges_[question] = *answer;
  return answer;
}

}  // namespace promheal::healing
