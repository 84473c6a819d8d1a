#include "webhook/simulate/answers.h"

#include <fmt/core.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "common/io/file.h"

namespace promheal::healing {
namespace {

using Json = nlohmann::json;

constexpr Duration kResolution = std::chrono::seconds(5);

// As text, for JSON knows neither NaN nor infinity.
Json ToJson(const Sample& sample) {
  Json labels = Json::object();
  for (const auto& [name, value] : sample.labels) labels[name] = value;
  return {{"labels", std::move(labels)}, {"value", fmt::format("{}", sample.value)}};
}

Sample SampleFrom(const Json& json, Time time) {
  std::vector<Labels::Pair> labels;
  for (const auto& [name, value] : json.at("labels").items()) {
    labels.emplace_back(name, value.get<std::string>());
  }
  return {Labels(std::move(labels)), time, std::stod(json.at("value").get<std::string>())};
}

std::string Line(Time time, const std::string& query, const QueryResult& answer) {
  Json samples = Json::array();
  for (const Sample& sample : answer.samples) samples.push_back(ToJson(sample));
  return Json{{"time", FormatRfc3339(time)},
              {"query", query},
              {"samples", std::move(samples)},
              {"warnings", answer.warnings}}
             .dump(-1, ' ', false, Json::error_handler_t::replace) +
         "\n";
}

}  // namespace

Status Answers::Load(const std::string& path) {
  const Result<std::string> text = ReadFile(path, size_t{1} << 30);
  if (!text) return tl::make_unexpected(text.error());
  std::istringstream lines(*text);
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    try {
      const Json json = Json::parse(line);
      const Result<Time> time = ParseRfc3339(json.at("time").get<std::string>());
      if (!time) return Prefixed(fmt::format("{}:{}", path, number), time.error());
      QueryResult answer;
      for (const Json& one : json.at("samples")) answer.samples.push_back(SampleFrom(one, *time));
      json.at("warnings").get_to(answer.warnings);
      known_[{*time, json.at("query").get<std::string>()}] = std::move(answer);
    } catch (const std::exception& e) {
      return Fail(ErrorCode::kDataLoss, fmt::format("{}:{}: {}", path, number, e.what()));
    }
  }
  return {};
}

Status Answers::Save(const std::string& path) const {
  std::string text;
  for (const auto& [question, answer] : known_) {
    text += Line(question.first, question.second, answer);
  }
  return WriteFileAtomically(path, text);
}

Result<QueryResult> Answers::Query(std::string_view query, Time time) {
  const Question question{AlignDown(time, kResolution), std::string(query)};
  if (const auto it = known_.find(question); it != known_.end()) return it->second;
  if (const auto it = unanswered_.find(question); it != unanswered_.end()) {
    return tl::make_unexpected(it->second);
  }
  Result<QueryResult> answer = prometheus_
                                   ? prometheus_->Query(query, question.first)
                                   : Fail(ErrorCode::kNotFound, "no answer to this was recorded");
  if (answer) {
    known_[question] = *answer;
  } else {
    unanswered_[question] = answer.error();
  }
  return answer;
}

Result<RangeQueryResult> Answers::QueryRange(std::string_view query, Time start, Time end,
                                             Duration step) {
  if (prometheus_) return prometheus_->QueryRange(query, start, end, step);
  return Fail(ErrorCode::kNotFound, "only answers that were recorded are there");
}

}  // namespace promheal::healing
