#include "exporter/routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporter/landing_page.h"
#include "tests/support/fake_clock.h"

namespace promheal::anomaly {
namespace {

using testing::HasSubstr;
using testing::Not;

class RoutesTest : public testing::Test {
 protected:
  HttpServerResponse Ask(const std::string& method, const std::string& path) {
    for (const HttpRoute& route :
         ExporterRoutes({snapshot_, config_yaml_, metrics_, clock_, reloads_, enable_lifecycle_})) {
      if (route.method == method && route.path == path) return route.handler({.path = path});
    }
    return {.status = 404};
  }

  void Publish(bool prometheus_up) {
    Snapshot snapshot{
        .time = FromUnixSeconds(1000), .features = {"errors"}, .prometheus_up = prometheus_up};
    snapshot.targets.push_back(
        {.target = Labels{{"service", "<orders>"}},
         .score = Score{.anomaly_score = 1.5,
                        .coverage = 0.5,
                        .top_feature = 0,
                        .features = {{.value = 0.5, .expected = 0.01, .deviation = 31.2}}},
         .trained_at = FromUnixSeconds(900),
         .samples = 512});
    snapshot.targets.push_back({.target = Labels{{"service", "new"}},
                                .not_ready = NotTrainable::kTooFewSamples,
                                .samples = 12,
                                .samples_needed = 30});
    snapshot_.Publish(std::make_shared<const Snapshot>(std::move(snapshot)));
  }

  Published<Snapshot> snapshot_;
  Published<std::string> config_yaml_;
  ExporterMetrics metrics_;
  support::FakeClock clock_{FromUnixSeconds(1010)};
  ReloadRequests reloads_;
  bool enable_lifecycle_ = false;
};

TEST_F(RoutesTest, IsHealthyFromTheStart) { EXPECT_EQ(Ask("GET", "/-/healthy").status, 200); }

TEST_F(RoutesTest, IsReadyOncePrometheusAnswered) {
  EXPECT_EQ(Ask("GET", "/-/ready").status, 503);
  EXPECT_EQ(Ask("GET", "/-/ready").body, "not ready: the first cycle has not ended yet\n");
  Publish(false);
  EXPECT_EQ(Ask("GET", "/-/ready").body, "not ready: Prometheus does not answer\n");
  Publish(true);
  EXPECT_EQ(Ask("GET", "/-/ready").status, 200);
  EXPECT_EQ(Ask("GET", "/-/ready").body, "ready: 1 of 2 targets have a model\n");
}

TEST_F(RoutesTest, HealthEndpointsNeedNoCredentialsAndEverythingElseDoes) {
  for (const HttpRoute& route :
       ExporterRoutes({snapshot_, config_yaml_, metrics_, clock_, reloads_, false})) {
    const bool health = route.path == "/-/healthy" || route.path == "/-/ready";
    EXPECT_EQ(route.authenticated, !health) << route.path;
  }
}

TEST_F(RoutesTest, ThePageShowsEveryTargetAndWhy) {
  Publish(true);
  const std::string page = Ask("GET", "/").body;
  EXPECT_THAT(page, HasSubstr("&lt;orders&gt;"));
  EXPECT_THAT(page, Not(HasSubstr("<orders>")));
  EXPECT_THAT(page, HasSubstr("<td class=\"high\">1.50</td>"));
  EXPECT_THAT(page,
              HasSubstr("errors 0.5, expected 0.01 (+31.2 sd); 50 % of the features have a value"));
  EXPECT_THAT(page, HasSubstr("trained 1m50s ago, 512 samples"));
  EXPECT_THAT(page, HasSubstr("warming up: 12 of 30 samples"));
  EXPECT_THAT(page, HasSubstr("2 targets, 1 features, 10s ago"));
}

TEST_F(RoutesTest, ThePageSaysWhenThereIsNothingToShow) {
  EXPECT_THAT(Ask("GET", "/").body, HasSubstr("The first cycle has not ended yet."));
  snapshot_.Publish(std::make_shared<const Snapshot>(Snapshot{.time = FromUnixSeconds(1000)}));
  EXPECT_THAT(Ask("GET", "/").body,
              HasSubstr("Prometheus did not answer the cycle 10s ago: there are no scores."));
}

TEST_F(RoutesTest, ShowsTheConfigurationInForce) {
  config_yaml_.Publish(std::make_shared<const std::string>("interval: 15s\n"));
  EXPECT_EQ(Ask("GET", "/config").body, "interval: 15s\n");
}

TEST_F(RoutesTest, LifecycleIsOffUnlessEnabled) {
  for (const char* path : {"/-/reload", "/-/quit"}) {
    EXPECT_EQ(Ask("POST", path).status, 403);
    EXPECT_EQ(Ask("GET", path).status, 404);
  }
}

TEST_F(RoutesTest, MetricsHoldScoresAndSelfMetrics) {
  Publish(true);
  const std::string text = Ask("GET", "/metrics").body;
  EXPECT_THAT(text, HasSubstr("anomaly_score{service=\"<orders>\"} 1.5\n"));
  EXPECT_THAT(text, HasSubstr("anomaly_exporter_cycles_total 0\n"));
  EXPECT_THAT(text, HasSubstr("anomaly_exporter_build_info{"));
  EXPECT_THAT(text, HasSubstr("process_resident_memory_bytes "));
}

}  // namespace
}  // namespace promheal::anomaly
