#include "common/io/prometheus/exposition.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <prometheus/histogram.h>

#include <cmath>
#include <fstream>
#include <limits>

#include "common/io/log.h"
#include "tests/support/null_logger.h"
#include "tests/support/promtool.h"
#include "tests/support/raw_http_client.h"

namespace promheal {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using testing::HasSubstr;

MetricFamily Gauge(std::string name, std::string help, double value,
                   std::vector<ClientMetric::Label> labels = {}) {
  MetricFamily family{std::move(name), std::move(help), MetricType::Gauge, {ClientMetric()}};
  family.metric.front().gauge.value = value;
  family.metric.front().label = std::move(labels);
  return family;
}

TEST(ExpositionTest, WritesValuesThatReadBackExactly) {
  struct Row {
    double value;
    const char* text;
  };
  for (const Row& row :
       {Row{0, "0"}, Row{-0.0, "-0"}, Row{1, "1"}, Row{0.1, "0.1"},
        Row{1.0 / 3, "0.3333333333333333"}, Row{0.1 + 0.2, "0.30000000000000004"},
        Row{1e300, "1e+300"}, Row{5e-324, "5e-324"}, Row{9007199254740993.0, "9007199254740992"},
        Row{1763762007.123, "1763762007.123"}, Row{NAN, "NaN"}, Row{-NAN, "NaN"},
        Row{INFINITY, "+Inf"}, Row{-INFINITY, "-Inf"}}) {
    EXPECT_EQ(ToPrometheusText({Gauge("x", "", row.value)}),
              std::string("# TYPE x gauge\nx ") + row.text + "\n");
  }
}

TEST(ExpositionTest, EscapesHelpAndLabelValues) {
  EXPECT_EQ(ToPrometheusText({Gauge("x", "a\\b\n\"c\"", 1, {{"l", "a\\b\n\"c\"}"}, {"m", ""}})}),
            "# HELP x a\\\\b\\n\"c\"\n"
            "# TYPE x gauge\n"
            "x{l=\"a\\\\b\\n\\\"c\\\"}\",m=\"\"} 1\n");
}

TEST(ExpositionTest, ReplacesBytesThatAreNotUtf8) {
  EXPECT_EQ(ToPrometheusText({Gauge("x", "\xc3", 1, {{"l", "a\xff\xc3\xb6"}})}),
            "# HELP x \xef\xbf\xbd\n# TYPE x gauge\nx{l=\"a\xef\xbf\xbd\xc3\xb6\"} 1\n");
}

TEST(ExpositionTest, MergesFamiliesOfOneNameAndOrdersThem) {
  MetricFamily other_type = Gauge("a", "Another.", 3);
  other_type.type = MetricType::Counter;
  EXPECT_EQ(ToPrometheusText({Gauge("b", "B.", 1, {{"l", "1"}}), Gauge("a", "A.", 2),
                              Gauge("b", "Other.", 4, {{"l", "2"}}), other_type,
                              MetricFamily{"empty", "None.", MetricType::Gauge, {}}}),
            "# HELP a A.\n# TYPE a gauge\na 2\n"
            "# HELP b B.\n# TYPE b gauge\nb{l=\"1\"} 1\nb{l=\"2\"} 4\n");
}

TEST(ExpositionTest, WritesHistogramsWithTheInfiniteBucket) {
  prometheus::Histogram histogram({0.5, 1});
  histogram.Observe(0.5);
  histogram.Observe(7);
  ClientMetric metric = histogram.Collect();
  metric.label = {{"l", "v"}};
  const std::string expected =
      "# HELP h H.\n# TYPE h histogram\n"
      "h_bucket{l=\"v\",le=\"0.5\"} 1\nh_bucket{l=\"v\",le=\"1\"} 1\n"
      "h_bucket{l=\"v\",le=\"+Inf\"} 2\nh_sum{l=\"v\"} 7.5\nh_count{l=\"v\"} 2\n";
  EXPECT_EQ(ToPrometheusText({{"h", "H.", MetricType::Histogram, {metric}}}), expected);
  metric.histogram.bucket.pop_back();
  EXPECT_EQ(ToPrometheusText({{"h", "H.", MetricType::Histogram, {metric}}}), expected);
}

TEST(ExpositionTest, WritesSummariesTimestampsAndUntyped) {
  ClientMetric summary;
  summary.summary = {2, 3.5, {{0.5, 1}, {0.99, NAN}}};
  EXPECT_EQ(ToPrometheusText({{"s", "S.", MetricType::Summary, {summary}}}),
            "# HELP s S.\n# TYPE s summary\ns{quantile=\"0.5\"} 1\ns{quantile=\"0.99\"} NaN\n"
            "s_sum 3.5\ns_count 2\n");
  ClientMetric untyped;
  untyped.untyped.value = 2;
  untyped.timestamp_ms = 1763762007123;
  EXPECT_EQ(ToPrometheusText({{"u", "", MetricType::Untyped, {untyped}}}),
            "# TYPE u untyped\nu 2 1763762007123\n");
}

TEST(ExpositionTest, PromtoolReadsHostileText) {
  MetricFamily histogram{
      "hostile_seconds", "Line\nbreak, \\ and \"quotes\"", MetricType::Histogram, {ClientMetric()}};
  histogram.metric.front().label = {{"path", "/\n\\\"}\xff{le=\"1\"} 3"}};
  histogram.metric.front().histogram = {3, INFINITY, {{1, 0.001}, {3, 10}}};
  const std::string text =
      ToPrometheusText({Gauge("hostile_ratio", "# TYPE x counter\nx 1", NAN, {{"l", "\n# HELP\n"}}),
                        Gauge("hostile_ratio", "Merged.", -INFINITY, {{"l", "2"}}),
                        Gauge("hostile_bytes", "Bytes.", 1.0 / 3), histogram});
  const auto complaints = support::CheckMetrics(text);
  if (!complaints) GTEST_SKIP() << support::kNoPromtool;
  EXPECT_EQ(*complaints, "") << text;
}

TEST(MetricsRouteTest, ServesWhatItsSourcesCollectAtEachScrape) {
  const auto logger = support::MakeNullLogger();
  const auto server = HttpServer::Start(
      {.listen_address = "127.0.0.1:0"},
      {MetricsRoute({MakeProcessCollector(), MakeBuildInfoCollector("test_program")})}, *logger);
  ASSERT_TRUE(server.has_value());
  const auto response = support::RawHttpGet((*server)->port(), "/metrics");
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->headers.at("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  for (const char* name : {"process_cpu_seconds_total", "process_resident_memory_bytes",
                           "process_virtual_memory_bytes", "process_open_fds", "process_max_fds",
                           "process_start_time_seconds", "process_threads"}) {
    EXPECT_THAT(response->body, HasSubstr(std::string("\n") + name + " ")) << name;
  }
  EXPECT_THAT(response->body, HasSubstr("test_program_build_info{version=\""));
  const auto complaints = support::CheckMetrics(response->body);
  if (!complaints) GTEST_SKIP() << support::kNoPromtool;
  EXPECT_EQ(*complaints, "") << response->body;
}

TEST(ProcessCollectorTest, KnowsThisProcess) {
  std::map<std::string, MetricFamily> families;
  for (MetricFamily& family : MakeProcessCollector()->Collect()) {
    families[family.name] = std::move(family);
  }
  const auto gauge = [&](const char* name) { return families.at(name).metric.front().gauge.value; };
  EXPECT_GT(gauge("process_resident_memory_bytes"), 1e6);
  EXPECT_GT(gauge("process_virtual_memory_bytes"), gauge("process_resident_memory_bytes"));
  EXPECT_GE(gauge("process_threads"), 1);
  EXPECT_LE(gauge("process_open_fds"), gauge("process_max_fds"));
  const double open = gauge("process_open_fds");
  const std::ifstream one_more("/proc/self/stat");
  EXPECT_EQ(MakeProcessCollector()->Collect().size(), families.size());
  for (const MetricFamily& family : MakeProcessCollector()->Collect()) {
    if (family.name == "process_open_fds") {
      EXPECT_EQ(family.metric.front().gauge.value, open + 1);
    }
  }
  const double now = ToUnixSeconds(SystemClock().Now());
  EXPECT_NEAR(gauge("process_start_time_seconds"), now, 600);
}

}  // namespace
}  // namespace promheal
