#include "common/io/prometheus/prometheus_api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

namespace promheal {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr char kEmptyVector[] =
    R"({"status":"success","data":{"resultType":"vector","result":[]}})";

// Answers as the test says, and records the requests.
class FakeClient final : public HttpClient {
 public:
  struct Log {
    std::vector<HttpRequest> requests;
    std::deque<Result<HttpResponse>> answers;
  };
  explicit FakeClient(Log* log) : log_(log) {}

  Result<HttpResponse> Send(const HttpRequest& request) override {
    log_->requests.push_back(request);
    if (log_->answers.empty()) return HttpResponse{.status = 200, .body = kEmptyVector};
    Result<HttpResponse> answer = log_->answers.front();
    log_->answers.pop_front();
    return answer;
  }

 private:
  Log* const log_;
};

class PrometheusApiTest : public testing::Test {
 protected:
  HttpPrometheusApi MakeApi(PrometheusApiOptions options = {}) {
    return HttpPrometheusApi(std::move(options), std::make_unique<FakeClient>(&log_));
  }
  void Answer(int status, std::string body) {
    log_.answers.emplace_back(HttpResponse{.status = status, .body = std::move(body)});
  }
  // The error of one query if the server answers so.
  Error ErrorFor(int status, std::string body) {
    Answer(status, std::move(body));
    return MakeApi().Query("up", Time()).error();
  }

  FakeClient::Log log_;
};

std::string Matrix(const std::string& label, const std::string& values) {
  return R"({"metric":{"a":")" + label + R"("},"values":[)" + values + "]}";
}
std::string MatrixAnswer(const std::string& series, const std::string& more = "") {
  return R"({"status":"success","data":{"resultType":"matrix","result":[)" + series + "]}" + more +
         "}";
}

TEST_F(PrometheusApiTest, PostsAFormToTheUrlWithItsPrefix) {
  HttpPrometheusApi api = MakeApi({.url = "http://mimir/prometheus/",
                                   .timeout = seconds(7),
                                   .parameters = {{"dedup", "true"}}});
  ASSERT_TRUE(api.Query("up{a=\"b\"}", Time(Duration(1700000000120))));
  const HttpRequest& sent = log_.requests.at(0);
  EXPECT_EQ(sent.method, "POST");
  EXPECT_EQ(sent.url, "http://mimir/prometheus/api/v1/query");
  EXPECT_EQ(FindHeader(sent.headers, "Content-Type"), "application/x-www-form-urlencoded");
  EXPECT_EQ(sent.body, "query=up%7Ba%3D%22b%22%7D&time=1700000000.120&timeout=7.000&dedup=true");
  EXPECT_EQ(sent.timeout, seconds(7));
}

TEST_F(PrometheusApiTest, AsksForARangeInOneRequestWhereItFits) {
  Answer(200, MatrixAnswer(""));
  ASSERT_TRUE(MakeApi().QueryRange("up", Time(seconds(100)), Time(seconds(160)), seconds(15)));
  ASSERT_EQ(log_.requests.size(), 1U);
  EXPECT_EQ(log_.requests[0].url, "http://localhost:9090/api/v1/query_range");
  EXPECT_EQ(log_.requests[0].body, "query=up&start=100.000&end=160.000&step=15.000&timeout=10.000");
}

TEST_F(PrometheusApiTest, SplitsALongRangeWithoutGapOrOverlap) {
  HttpPrometheusApi api = MakeApi({.max_points_per_request = 3});
  for (int i = 0; i < 3; ++i) Answer(200, MatrixAnswer(""));
  // Steps at 0, 10, ... 70: three, three and two of them.
  ASSERT_TRUE(api.QueryRange("up", Time(seconds(0)), Time(seconds(75)), seconds(10)));
  ASSERT_EQ(log_.requests.size(), 3U);
  EXPECT_THAT(log_.requests[0].body, HasSubstr("start=0.000&end=20.000&"));
  EXPECT_THAT(log_.requests[1].body, HasSubstr("start=30.000&end=50.000&"));
  EXPECT_THAT(log_.requests[2].body, HasSubstr("start=60.000&end=75.000&"));
}

TEST_F(PrometheusApiTest, ARangeOfOnePointIsOneRequest) {
  for (const int limit : {1, 0, -5}) {
    log_.requests.clear();
    Answer(200, MatrixAnswer(""));
    HttpPrometheusApi api = MakeApi({.max_points_per_request = limit});
    ASSERT_TRUE(api.QueryRange("up", Time(seconds(5)), Time(seconds(5)), seconds(10)));
    EXPECT_EQ(log_.requests.size(), 1U);
  }
}

TEST_F(PrometheusApiTest, JoinsPiecesBySeriesAndWarningsOnce) {
  HttpPrometheusApi api = MakeApi({.max_points_per_request = 1});
  Answer(200, MatrixAnswer(Matrix("x", R"([0,"1"])"), R"(,"warnings":["w"])"));
  Answer(200, MatrixAnswer(Matrix("y", R"([10,"2"])") + "," + Matrix("x", R"([10,"3"])"),
                           R"(,"warnings":["w","v"])"));
  const Result<RangeQueryResult> result =
      api.QueryRange("up", Time(seconds(0)), Time(seconds(10)), seconds(10));
  ASSERT_TRUE(result);
  ASSERT_EQ(result->series.size(), 2U);
  EXPECT_EQ(result->series[0].labels, (Labels{{"a", "x"}}));
  EXPECT_THAT(result->series[0].points,
              ElementsAre(Point{Time(seconds(0)), 1}, Point{Time(seconds(10)), 3}));
  EXPECT_THAT(result->series[1].points, ElementsAre(Point{Time(seconds(10)), 2}));
  EXPECT_THAT(result->warnings, ElementsAre("w", "v"));
}

TEST_F(PrometheusApiTest, OneFailedPieceFailsTheRange) {
  HttpPrometheusApi api = MakeApi({.max_points_per_request = 1});
  Answer(200, MatrixAnswer(Matrix("x", R"([0,"1"])")));
  Answer(503, "");
  EXPECT_FALSE(api.QueryRange("up", Time(seconds(0)), Time(seconds(50)), seconds(10)));
  EXPECT_EQ(log_.requests.size(), 2U) << "and asks no further";
}

TEST_F(PrometheusApiTest, RefusesRangesThatAreNone) {
  HttpPrometheusApi api = MakeApi();
  for (const Duration step : {seconds(0), seconds(-1)}) {
    EXPECT_EQ(api.QueryRange("up", Time(), Time(hours(1)), step).error().code,
              ErrorCode::kInvalidArgument);
  }
  EXPECT_EQ(api.QueryRange("up", Time(hours(1)), Time(), seconds(1)).error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_TRUE(log_.requests.empty());
}

TEST_F(PrometheusApiTest, TellsThePrometheusErrorWhateverTheStatus) {
  EXPECT_EQ(ErrorFor(400, R"({"status":"error","errorType":"bad_data","error":"parse error"})"),
            (Error{ErrorCode::kInvalidArgument, "http://localhost:9090: bad_data: parse error"}));
  EXPECT_EQ(ErrorFor(503, R"({"status":"error","errorType":"timeout","error":"too slow"})").code,
            ErrorCode::kTimeout);
  EXPECT_EQ(ErrorFor(422, R"({"status":"error","errorType":"new","error":"e"})").code,
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(ErrorFor(502, R"({"status":"error","errorType":"new","error":"e"})").code,
            ErrorCode::kUnavailable);
}

TEST_F(PrometheusApiTest, TellsTheStatusWhereTheAnswerIsNotPrometheus) {
  struct Row {
    int status;
    ErrorCode code;
    const char* message;
  };
  for (const Row& row :
       {Row{302, ErrorCode::kInvalidArgument,
            "HTTP status 302 (a redirect that is not followed, check the URL): <b>no</b>"},
        Row{400, ErrorCode::kInvalidArgument, "HTTP status 400 (not Prometheus' JSON): <b>no</b>"},
        Row{401, ErrorCode::kPermissionDenied,
            "HTTP status 401 (check the credentials): <b>no</b>"},
        Row{403, ErrorCode::kPermissionDenied,
            "HTTP status 403 (check the credentials): <b>no</b>"},
        Row{404, ErrorCode::kNotFound,
            "HTTP status 404 (no Prometheus API here, check the URL and its path prefix): "
            "<b>no</b>"},
        Row{429, ErrorCode::kUnavailable, "HTTP status 429 (not Prometheus' JSON): <b>no</b>"},
        Row{500, ErrorCode::kUnavailable, "HTTP status 500 (not Prometheus' JSON): <b>no</b>"},
        Row{502, ErrorCode::kUnavailable, "HTTP status 502 (not Prometheus' JSON): <b>no</b>"},
        Row{504, ErrorCode::kTimeout, "HTTP status 504 (not Prometheus' JSON): <b>no</b>"}}) {
    EXPECT_EQ(ErrorFor(row.status, "<b>no</b>\n"),
              (Error{row.code, std::string("http://localhost:9090: ") + row.message}));
  }
}

TEST_F(PrometheusApiTest, HtmlWithStatus200IsDataLoss) {
  const Error error = ErrorFor(200, "<html>Please log in</html>");
  EXPECT_EQ(error.code, ErrorCode::kDataLoss);
  EXPECT_THAT(error.message, HasSubstr("<html>Please log in"));
}

TEST_F(PrometheusApiTest, TriesNothingTwice) {
  log_.answers.emplace_back(Fail(ErrorCode::kUnavailable, "refused"));
  EXPECT_EQ(MakeApi().Query("up", Time()).error().message, "refused");
  EXPECT_EQ(log_.requests.size(), 1U);
}

TEST_F(PrometheusApiTest, TakesPartialDataUnlessToldOtherwise) {
  const std::string partial =
      R"({"status":"success","data":{"resultType":"vector","result":[]},"warnings":["a is down"]})";
  Answer(200, partial);
  EXPECT_THAT(MakeApi().Query("up", Time())->warnings, ElementsAre("a is down"));
  Answer(200, partial);
  EXPECT_EQ(MakeApi({.accept_partial = false}).Query("up", Time()).error(),
            (Error{ErrorCode::kUnavailable, "http://localhost:9090: partial data: a is down"}));
  Answer(200, R"({"status":"success","data":{"resultType":"vector","result":[]},)"
              R"("warnings":["PromQL warning: quantile value should be between 0 and 1"]})");
  EXPECT_TRUE(MakeApi({.accept_partial = false}).Query("up", Time()))
      << "a remark about the query is no partial data";
}

TEST_F(PrometheusApiTest, CountsWhatTheQueriesCost) {
  HttpPrometheusApi api = MakeApi({.max_points_per_request = 2});
  Answer(200, R"({"status":"success","data":{"resultType":"vector","result":[)"
              R"({"metric":{},"value":[1,"2"]}]},"warnings":["w"]})");
  ASSERT_TRUE(api.Query("up", Time()));
  Answer(200, MatrixAnswer(Matrix("x", R"([0,"1"],[10,"1"])")));
  Answer(200, MatrixAnswer(Matrix("x", R"([20,"1"])") + "," + Matrix("y", R"([20,"1"])")));
  ASSERT_TRUE(api.QueryRange("up", Time(seconds(0)), Time(seconds(20)), seconds(10)));
  Answer(500, "");
  ASSERT_FALSE(api.Query("up", Time()));
  const PrometheusApiStatistics statistics = api.statistics();
  EXPECT_EQ(statistics.queries, 4U);
  EXPECT_EQ(statistics.failures, 1U);
  EXPECT_EQ(statistics.samples, 5U);
  EXPECT_EQ(statistics.warnings, 1U);
  EXPECT_GE(statistics.seconds, 0.0);
}

TEST_F(PrometheusApiTest, ErrorsDoNotHoldTheSecretsOfTheUrl) {
  Answer(500, "");
  EXPECT_EQ(MakeApi({.url = "http://me:hunter2@prometheus:9090/hunter2"})
                .Query("up", Time())
                .error()
                .message,
            "http://prometheus:9090: HTTP status 500 (not Prometheus' JSON)");
}

}  // namespace
}  // namespace promheal
