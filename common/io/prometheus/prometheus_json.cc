#include "common/io/prometheus/prometheus_json.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "common/io/prometheus/prometheus_api.h"
#include "common/io/utf8.h"

namespace promheal {
namespace {

namespace dom = simdjson::dom;

constexpr size_t kMaxErrorCharacters = 500;
constexpr size_t kMaxFirstWords = 80;
constexpr char kNotPrometheus[] = "the answer is not Prometheus' JSON";
constexpr double kMaxSeconds = 1e12;  // Beyond any real time; its milliseconds fit 64 bits.

// The common part of all answers.
struct Envelope {
  std::string_view result_type;
  dom::element result;
  std::vector<std::string> warnings;
};

struct ErrorType {
  std::string_view name;
  ErrorCode code;
};
// The error types of Prometheus (web/api/v1/api.go), then those of Mimir.
constexpr std::array<ErrorType, 9> kErrorTypes = {
    {{"bad_data", ErrorCode::kInvalidArgument},
     {"execution", ErrorCode::kInvalidArgument},
     {"timeout", ErrorCode::kTimeout},
     {"canceled", ErrorCode::kUnavailable},
     {"internal", ErrorCode::kUnavailable},  // Its storage failed: a retry may help.
     {"unavailable", ErrorCode::kUnavailable},
     {"not_found", ErrorCode::kNotFound},
     {"not_acceptable", ErrorCode::kInvalidArgument},
     {"too_many_requests", ErrorCode::kUnavailable}}};

ErrorCode CodeOf(std::string_view error_type, ErrorCode otherwise) {
  for (const ErrorType& known : kErrorTypes) {
    if (known.name == error_type) return known.code;
  }
  return otherwise;
}

tl::unexpected<Error> NotPrometheus(std::string_view text, std::string_view what) {
  if (text.empty()) {
    return Fail(ErrorCode::kDataLoss, "the answer is empty: expected Prometheus' JSON");
  }
  return Fail(ErrorCode::kDataLoss, fmt::format("{}: {}", what, FirstWords(text, kMaxFirstWords)));
}

tl::unexpected<Error> WrongShape(std::string_view where) {
  return Fail(ErrorCode::kDataLoss,
              fmt::format("the answer does not have the form of Prometheus' JSON: in {}", where));
}

std::string_view TextOf(const dom::element& object, std::string_view key) {
  std::string_view text;
  return object[key].get(text) == simdjson::SUCCESS ? text : std::string_view();
}

std::optional<Error> ErrorIn(const dom::element& answer, ErrorCode otherwise) {
  if (TextOf(answer, "status") != "error") return std::nullopt;
  const std::string_view type = TextOf(answer, "errorType");
  return Error{CodeOf(type, otherwise),
               fmt::format("{}: {}", FirstWords(type, kMaxFirstWords),
                           FirstWords(TextOf(answer, "error"), kMaxErrorCharacters))};
}

// Parses `json` into memory of `parser`, which must outlive the result.
Result<dom::element> ParseJson(std::string_view json, dom::parser* parser) {
  dom::element answer;
  const simdjson::error_code error = parser->parse(json.data(), json.size()).get(answer);
  if (error == simdjson::SUCCESS) return answer;
  if (!json.starts_with('{')) return NotPrometheus(json, kNotPrometheus);
  return NotPrometheus(json,
                       fmt::format("the answer is damaged or cut off after {} bytes", json.size()));
}

std::vector<std::string> ReadWarnings(const dom::element& answer) {
  std::vector<std::string> warnings;
  dom::array array;
  if (answer["warnings"].get(array) == simdjson::SUCCESS) {
    for (const dom::element element : array) {
      std::string_view text;
      if (element.get(text) == simdjson::SUCCESS) warnings.emplace_back(text);
    }
  }
  bool partial = false;  // VictoriaMetrics has its own field.
  if (answer["isPartial"].get(partial) == simdjson::SUCCESS && partial) {
    warnings.emplace_back("the answer is partial (isPartial)");
  }
  return warnings;
}

Result<Envelope> ReadEnvelope(std::string_view json, dom::parser* parser) {
  const Result<dom::element> answer = ParseJson(json, parser);
  if (!answer) return tl::make_unexpected(answer.error());
  if (std::optional<Error> error = ErrorIn(*answer, ErrorCode::kInternal)) {
    return tl::make_unexpected(std::move(*error));
  }
  Envelope envelope;
  if (TextOf(*answer, "status") != "success" ||
      (*answer)["data"]["resultType"].get(envelope.result_type) != simdjson::SUCCESS ||
      (*answer)["data"]["result"].get(envelope.result) != simdjson::SUCCESS) {
    return NotPrometheus(json, kNotPrometheus);
  }
  envelope.warnings = ReadWarnings(*answer);
  return envelope;
}

bool ReadLabels(const dom::element& series, Labels* labels) {
  dom::object metric;
  if (series["metric"].get(metric) != simdjson::SUCCESS) return false;
  std::vector<Labels::Pair> pairs;
  for (const auto field : metric) {
    std::string_view value;
    if (field.value.get(value) != simdjson::SUCCESS) return false;
    pairs.emplace_back(field.key, value);
  }
  *labels = Labels(std::move(pairs));
  return true;
}

// "0.25", "NaN", "+Inf", "-Inf".
bool ReadValue(std::string_view text, double* value) {
  if (text.starts_with('+')) text.remove_prefix(1);
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, *value);
  return error == std::errc() && stop == end;
}

// [1700000000.123, "0.25"]
bool ReadPoint(const dom::element& pair, Point* point) {
  dom::array array;
  if (pair.get(array) != simdjson::SUCCESS || array.size() != 2) return false;
  double seconds = 0;
  std::string_view text;
  if (array.at(0).get(seconds) != simdjson::SUCCESS || std::abs(seconds) > kMaxSeconds ||
      array.at(1).get(text) != simdjson::SUCCESS) {
    return false;
  }
  point->time = FromUnixSeconds(seconds);
  return ReadValue(text, &point->value);
}

bool HasHistograms(const dom::element& series) {
  return series["histogram"].error() == simdjson::SUCCESS ||
         series["histograms"].error() == simdjson::SUCCESS;
}

tl::unexpected<Error> GivesHistograms() {
  return Fail(ErrorCode::kInvalidArgument,
              "the query gives native histograms: expected numbers, as histogram_quantile() or "
              "histogram_count() make of them");
}

tl::unexpected<Error> WrongType(std::string_view type, std::string_view expected) {
  return Fail(ErrorCode::kInvalidArgument, fmt::format("the query gives a {}: expected {}",
                                                       FirstWords(type, kMaxFirstWords), expected));
}

Result<std::vector<Sample>> ReadVector(const dom::element& result) {
  dom::array array;
  if (result.get(array) != simdjson::SUCCESS) return WrongShape("data.result");
  std::vector<Sample> samples;
  samples.reserve(array.size());
  for (const dom::element element : array) {
    dom::element pair;
    Point point;
    Sample sample;
    if (HasHistograms(element)) return GivesHistograms();
    if (!ReadLabels(element, &sample.labels) || element["value"].get(pair) != simdjson::SUCCESS ||
        !ReadPoint(pair, &point)) {
      return WrongShape("data.result of a vector");
    }
    sample.time = point.time;
    sample.value = point.value;
    samples.push_back(std::move(sample));
  }
  return samples;
}

Result<std::vector<Sample>> ReadScalar(const dom::element& result) {
  Point point;
  if (!ReadPoint(result, &point)) return WrongShape("data.result of a scalar");
  return std::vector<Sample>{{.labels = {}, .time = point.time, .value = point.value}};
}

Result<std::vector<Series>> ReadMatrix(const dom::element& result) {
  dom::array array;
  if (result.get(array) != simdjson::SUCCESS) return WrongShape("data.result");
  std::vector<Series> all;
  all.reserve(array.size());
  for (const dom::element element : array) {
    if (HasHistograms(element)) return GivesHistograms();
    Series series;
    dom::array values;
    if (!ReadLabels(element, &series.labels) ||
        element["values"].get(values) != simdjson::SUCCESS) {
      return WrongShape("data.result of a matrix");
    }
    series.points.reserve(values.size());
    for (const dom::element pair : values) {
      if (!ReadPoint(pair, &series.points.emplace_back())) return WrongShape("values of a matrix");
    }
    all.push_back(std::move(series));
  }
  return all;
}

}  // namespace

std::optional<Error> FindApiError(std::string_view json, ErrorCode otherwise) {
  dom::parser parser;
  const Result<dom::element> answer = ParseJson(json, &parser);
  return answer ? ErrorIn(*answer, otherwise) : std::nullopt;
}

Result<QueryResult> ParseQueryResponse(std::string_view json) {
  dom::parser parser;
  Result<Envelope> envelope = ReadEnvelope(json, &parser);
  if (!envelope) return tl::make_unexpected(envelope.error());
  Result<std::vector<Sample>> samples;
  if (envelope->result_type == "vector") {
    samples = ReadVector(envelope->result);
  } else if (envelope->result_type == "scalar") {
    samples = ReadScalar(envelope->result);
  } else {
    return WrongType(envelope->result_type, "a vector or a scalar");
  }
  if (!samples) return tl::make_unexpected(samples.error());
  return QueryResult{.samples = std::move(*samples), .warnings = std::move(envelope->warnings)};
}

Result<RangeQueryResult> ParseRangeQueryResponse(std::string_view json) {
  dom::parser parser;
  Result<Envelope> envelope = ReadEnvelope(json, &parser);
  if (!envelope) return tl::make_unexpected(envelope.error());
  if (envelope->result_type != "matrix") return WrongType(envelope->result_type, "a matrix");
  Result<std::vector<Series>> series = ReadMatrix(envelope->result);
  if (!series) return tl::make_unexpected(series.error());
  return RangeQueryResult{.series = std::move(*series), .warnings = std::move(envelope->warnings)};
}

}  // namespace promheal
