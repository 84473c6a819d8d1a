#include "common/io/prometheus/prometheus_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "common/io/prometheus/prometheus_api.h"

namespace promheal {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(PrometheusJsonTest, ReadsAVector) {
  const Result<QueryResult> result = ParseQueryResponse(
      R"({"status":"success","data":{"resultType":"vector","result":[)"
      R"({"metric":{"__name__":"up","service":"orders"},"value":[1700000000.123,"1"]},)"
      R"({"metric":{},"value":[1700000000,"0.25"]}]}})");
  ASSERT_TRUE(result) << result.error().message;
  ASSERT_EQ(result->samples.size(), 2U);
  EXPECT_EQ(result->samples[0].labels, (Labels{{"__name__", "up"}, {"service", "orders"}}));
  EXPECT_EQ(result->samples[0].time, Time(Duration(1700000000123)));
  EXPECT_EQ(result->samples[0].value, 1.0);
  EXPECT_TRUE(result->samples[1].labels.empty());
  EXPECT_EQ(result->samples[1].value, 0.25);
  EXPECT_TRUE(result->warnings.empty());
}

TEST(PrometheusJsonTest, ReadsAScalarAsOneSampleWithoutLabels) {
  const Result<QueryResult> result = ParseQueryResponse(
      R"({"status":"success","data":{"resultType":"scalar","result":[1.5,"42"]}})");
  ASSERT_EQ(result->samples.size(), 1U);
  EXPECT_TRUE(result->samples[0].labels.empty());
  EXPECT_EQ(result->samples[0].time, Time(Duration(1500)));
  EXPECT_EQ(result->samples[0].value, 42.0);
}

TEST(PrometheusJsonTest, ReadsAMatrix) {
  const Result<RangeQueryResult> result = ParseRangeQueryResponse(
      R"({"status":"success","data":{"resultType":"matrix","result":[)"
      R"({"metric":{"a":"1"},"values":[[10,"1"],[25,"NaN"]]},{"metric":{"a":"2"},"values":[]}]}})");
  ASSERT_EQ(result->series.size(), 2U);
  EXPECT_EQ(result->series[0].points[0], (Point{Time(Duration(10'000)), 1.0}));
  EXPECT_EQ(result->series[0].points[1].time, Time(Duration(25'000)));
  EXPECT_TRUE(std::isnan(result->series[0].points[1].value));
  EXPECT_TRUE(result->series[1].points.empty());
}

std::string VectorOf(const std::string& value) {
  return R"({"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[0,")" +
         value + R"("]}]}})";
}

TEST(PrometheusJsonTest, ReadsEveryValueThatPrometheusWrites) {
  struct Row {
    const char* text;
    double value;
  };
  for (const Row& row :
       {Row{"0", 0.0}, Row{"-0", -0.0}, Row{"+Inf", kInfinity}, Row{"-Inf", -kInfinity},
        Row{"Inf", kInfinity}, Row{"1e-05", 1e-5}, Row{"0.1", 0.1}, Row{"-12.75", -12.75},
        Row{"179769313486231570000000000000000000000", 1.7976931348623157e38},
        Row{"1.7976931348623157e+308", std::numeric_limits<double>::max()},
        Row{"5e-324", std::numeric_limits<double>::denorm_min()},
        Row{"9007199254740993", 9007199254740992.0}}) {
    const Result<QueryResult> result = ParseQueryResponse(VectorOf(row.text));
    ASSERT_TRUE(result) << row.text;
    EXPECT_EQ(result->samples.at(0).value, row.value) << row.text;
  }
  EXPECT_TRUE(std::isnan(ParseQueryResponse(VectorOf("NaN"))->samples.at(0).value));
}

TEST(PrometheusJsonTest, RefusesValuesThatAreNoNumbers) {
  for (const char* text : {"", "x", "1,5", "1 ", " 1", "0x10", "++1", "1e999", "--1"}) {
    const Result<QueryResult> result = ParseQueryResponse(VectorOf(text));
    ASSERT_FALSE(result) << text;
    EXPECT_EQ(result.error().code, ErrorCode::kDataLoss);
  }
}

TEST(PrometheusJsonTest, TakesKeysInAnyOrderAndUnknownOnes) {
  const Result<QueryResult> result = ParseQueryResponse(
      R"({"infos":["x"],"data":{"result":[{"value":[1,"2"],"metric":{"a":"b"},"new":{}}],)"
      R"("analysis":{},"resultType":"vector"},"status":"success"})");
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->samples.at(0).value, 2.0);
}

TEST(PrometheusJsonTest, KeepsWarningsAndThePartialFlagOfVictoriaMetrics) {
  const std::string data = R"("data":{"resultType":"vector","result":[]})";
  EXPECT_THAT(ParseQueryResponse(R"({"status":"success",)" + data +
                                 R"(,"warnings":["store a is down","store b is down"]})")
                  ->warnings,
              ElementsAre("store a is down", "store b is down"));
  EXPECT_THAT(ParseQueryResponse(R"({"status":"success","isPartial":true,)" + data + "}")->warnings,
              ElementsAre("the answer is partial (isPartial)"));
  EXPECT_TRUE(
      ParseQueryResponse(R"({"status":"success","isPartial":false,"warnings":null,)" + data + "}")
          ->warnings.empty());
}

TEST(PrometheusJsonTest, UnescapesLabelsAndKeepsTheirUtf8) {
  const Result<QueryResult> result = ParseQueryResponse(
      R"({"status":"success","data":{"resultType":"vector","result":[)"
      R"({"metric":{"path":"a\"b\\c\nd","name":"f\u00fcr 😀"},"value":[1,"2"]}]}})");
  EXPECT_EQ(result->samples.at(0).labels.Get("path"), "a\"b\\c\nd");
  EXPECT_EQ(result->samples.at(0).labels.Get("name"), "für 😀");
}

TEST(PrometheusJsonTest, MapsTheTypesOfErrors) {
  struct Row {
    const char* type;
    ErrorCode code;
  };
  for (const Row& row :
       {Row{"bad_data", ErrorCode::kInvalidArgument}, Row{"execution", ErrorCode::kInvalidArgument},
        Row{"timeout", ErrorCode::kTimeout}, Row{"canceled", ErrorCode::kUnavailable},
        Row{"internal", ErrorCode::kUnavailable}, Row{"unavailable", ErrorCode::kUnavailable},
        Row{"not_found", ErrorCode::kNotFound}, Row{"too_many_requests", ErrorCode::kUnavailable},
        Row{"422", ErrorCode::kInternal}}) {
    const std::string json = std::string(R"({"status":"error","errorType":")") + row.type +
                             R"(","error":"parse error:\n at 5"})";
    const Error expected{row.code, std::string(row.type) + ": parse error: at 5"};
    EXPECT_EQ(ParseQueryResponse(json).error(), expected);
    EXPECT_EQ(ParseRangeQueryResponse(json).error(), expected);
  }
}

TEST(PrometheusJsonTest, AnUnknownTypeOfErrorGetsTheCodeOfItsStatus) {
  const std::string_view json = R"({"status":"error","errorType":"odd","error":"e"})";
  EXPECT_EQ(FindApiError(json, ErrorCode::kTimeout)->code, ErrorCode::kTimeout);
  EXPECT_EQ(FindApiError(R"({"status":"error"})", ErrorCode::kTimeout)->code, ErrorCode::kTimeout);
  EXPECT_EQ(FindApiError(R"({"status":"success"})", ErrorCode::kTimeout), std::nullopt);
  EXPECT_EQ(FindApiError("<html>", ErrorCode::kTimeout), std::nullopt);
  EXPECT_EQ(FindApiError("[1]", ErrorCode::kTimeout), std::nullopt);
}

TEST(PrometheusJsonTest, QueriesMustGiveNumbers) {
  EXPECT_EQ(ParseQueryResponse(R"({"status":"success","data":{"resultType":"matrix","result":[]}})")
                .error(),
            (Error{ErrorCode::kInvalidArgument,
                   "the query gives a matrix: expected a vector or a scalar"}));
  EXPECT_EQ(
      ParseQueryResponse(R"({"status":"success","data":{"resultType":"string","result":[1,"x"]}})")
          .error()
          .code,
      ErrorCode::kInvalidArgument);
  EXPECT_EQ(
      ParseRangeQueryResponse(R"({"status":"success","data":{"resultType":"vector","result":[]}})")
          .error()
          .message,
      "the query gives a vector: expected a matrix");
  EXPECT_THAT(ParseQueryResponse(R"({"status":"success","data":{"resultType":"vector","result":[)"
                                 R"({"metric":{},"histogram":[1,{"count":"1"}]}]}})")
                  .error()
                  .message,
              StartsWith("the query gives native histograms"));
  EXPECT_EQ(
      ParseRangeQueryResponse(R"({"status":"success","data":{"resultType":"matrix","result":[)"
                              R"({"metric":{},"values":[[1,"2"]],"histograms":[]}]}})")
          .error()
          .code,
      ErrorCode::kInvalidArgument);
}

TEST(PrometheusJsonTest, WhatIsNotPrometheusJsonIsDataLossWithItsFirstWords) {
  EXPECT_EQ(ParseQueryResponse("").error(),
            (Error{ErrorCode::kDataLoss, "the answer is empty: expected Prometheus' JSON"}));
  const Error html =
      ParseQueryResponse("<!DOCTYPE html>\n<html><h1>Bad Gateway</h1></html>").error();
  EXPECT_EQ(html.code, ErrorCode::kDataLoss);
  EXPECT_EQ(
      html.message,
      "the answer is not Prometheus' JSON: <!DOCTYPE html> <html><h1>Bad Gateway</h1></html>");
  EXPECT_EQ(ParseQueryResponse("{\"status\":\"succ").error().message,
            "the answer is damaged or cut off after 15 bytes: {\"status\":\"succ");
  for (const char* text :
       {"null", "[]", "{}", "1", R"({"status":"success"})", R"({"status":"success","data":[]})",
        R"({"status":"success","data":{"resultType":"vector"}})",
        R"({"status":1,"data":{"resultType":"vector","result":[]}})",
        R"({"message":"no API key found in request"})"}) {
    const Result<QueryResult> vector = ParseQueryResponse(text);
    const Result<RangeQueryResult> matrix = ParseRangeQueryResponse(text);
    ASSERT_TRUE(!vector && !matrix) << text;
    EXPECT_EQ(vector.error().code, ErrorCode::kDataLoss) << text;
    EXPECT_EQ(matrix.error().code, ErrorCode::kDataLoss) << text;
  }
}

TEST(PrometheusJsonTest, EveryCutOfAnAnswerIsDataLoss) {
  const std::string vector =
      R"({"status":"success","data":{"resultType":"vector","result":[{"metric":{"a":"b"},"value":[1.5,"2"]}]}})";
  ASSERT_TRUE(ParseQueryResponse(vector));
  const std::string matrix =
      R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{"a":"b"},"values":[[1.5,"2"]]}]}})";
  ASSERT_TRUE(ParseRangeQueryResponse(matrix));
  for (size_t length = 0; length < vector.size(); ++length) {
    const Result<QueryResult> cut = ParseQueryResponse(vector.substr(0, length));
    ASSERT_FALSE(cut) << length;
    EXPECT_EQ(cut.error().code, ErrorCode::kDataLoss) << length;
  }
  for (size_t length = 0; length < matrix.size(); ++length) {
    EXPECT_EQ(ParseRangeQueryResponse(matrix.substr(0, length)).error().code, ErrorCode::kDataLoss);
  }
  EXPECT_FALSE(ParseQueryResponse(vector + "x")) << "nothing may follow either";
}

TEST(PrometheusJsonTest, RefusesAnswersOfAnotherShape) {
  for (const char* result :
       {R"({})", R"([1])", R"([{}])", R"([{"metric":{}}])", R"([{"metric":{},"value":[1]}])",
        R"([{"metric":{},"value":["1","2"]}])", R"([{"metric":{},"value":[1,2]}])",
        R"([{"metric":{},"value":[1,"2","3"]}])", R"([{"metric":{"a":1},"value":[1,"2"]}])",
        R"([{"metric":[],"value":[1,"2"]}])", R"([{"value":[1,"2"]}])",
        R"([{"metric":{},"value":[1e300,"2"]}])", R"([{"metric":{},"value":[null,"2"]}])"}) {
    const std::string json =
        std::string(R"({"status":"success","data":{"resultType":"vector","result":)") + result +
        "}}";
    const Result<QueryResult> parsed = ParseQueryResponse(json);
    ASSERT_FALSE(parsed) << result;
    EXPECT_EQ(parsed.error().code, ErrorCode::kDataLoss) << result;
  }
}

TEST(PrometheusJsonTest, RefusesWhatIsTooDeepOrNotUtf8) {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "[";
  EXPECT_EQ(ParseQueryResponse(deep).error().code, ErrorCode::kDataLoss);
  EXPECT_EQ(ParseQueryResponse("{\"status\":\"\xff\"}").error().code, ErrorCode::kDataLoss);
}

}  // namespace
}  // namespace promheal
