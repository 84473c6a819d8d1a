#include "exporter/backtest/incidents.h"

#include <gtest/gtest.h>

#include "tests/support/fake_prometheus_api.h"

namespace promheal::anomaly {
namespace {

using std::chrono::minutes;

const Time kNow = FromUnixSeconds(1'661'155'800);

TEST(IncidentsTest, ReadsTimesAndTargetsAndIgnoresOtherColumns) {
  const auto incidents = ParseIncidents("i.csv",
                                        "kind,start,end,target\r\n"
                                        "fault,1661140434,2022-08-22T03:57:54Z,orders\r\n"
                                        "\n"
                                        "fault,-2h,-1h,\"cluster=eu,service=\"\"a\"\"\"\n"
                                        "fault,10,20,\n",
                                        kNow);
  ASSERT_TRUE(incidents) << incidents.error().message;
  ASSERT_EQ(incidents->size(), 3U);
  EXPECT_EQ(ToUnixSeconds((*incidents)[0].start), 1661140434);
  EXPECT_EQ(ToUnixSeconds((*incidents)[0].end), 1661140674);
  EXPECT_EQ((*incidents)[0].target, "orders");
  EXPECT_EQ((*incidents)[1].start, kNow - std::chrono::hours(2));
  EXPECT_EQ((*incidents)[1].target, "cluster=eu,service=\"a\"");
  EXPECT_EQ((*incidents)[2].target, std::nullopt) << "the whole fleet";
}

TEST(IncidentsTest, SaysWhichLineIsWrongAndWhy) {
  const struct {
    const char* text;
    const char* expected;
  } kRows[] = {
      {"", "i.csv:1: expected a header with the columns start, end and, if wanted, target"},
      {"1,2\n", "i.csv:1: expected a header with the columns start, end and, if wanted, target"},
      {"start,end\n5,4\n", "i.csv:2: it ends before it begins"},
      {"start,end,target\n5,6,\"orders\n", "i.csv:2: a quote is not closed"},
      {"start,end\n1,2\n5\n",
       "i.csv:3: end: '' is not a time: expected one like 2022-08-22T08:10:00Z, Unix seconds, a "
       "duration before now like -2w, or now"},
  };
  for (const auto& row : kRows) {
    const auto incidents = ParseIncidents("i.csv", row.text, kNow);
    ASSERT_FALSE(incidents) << row.text;
    EXPECT_EQ(incidents.error().message, row.expected);
  }
}

TEST(IncidentsTest, JoinsNearAlertsOfATargetToAnIncident) {
  ExporterConfig config;
  config.interval = minutes(1);
  support::FakePrometheusApi api;
  api.Set(R"(ALERTS{alertstate="firing",scenario!="anomaly"})", [](Time time) {
    const auto minute = (time - kNow) / minutes(1);
    support::FakePrometheusApi::Vector alerts = {{{{"alertname", "Watchdog"}}, 1.0}};
    if (minute >= 3 && minute <= 5) {
      alerts.push_back({{{"alertname", "ServiceCrash"}, {"service", "orders"}}, 1.0});
    }
    if ((minute >= 5 && minute <= 8) || minute == 20) {
      alerts.push_back({{{"alertname", "ServiceHighLatency"}, {"service", "orders"}}, 1.0});
    }
    return alerts;
  });
  const auto incidents = IncidentsFromAlerts(config, api, {kNow, kNow + minutes(1200)});
  ASSERT_TRUE(incidents) << incidents.error().message;
  ASSERT_EQ(incidents->size(), 2U);
  EXPECT_EQ((*incidents)[0].start, kNow + minutes(2))
      << "it began within the step before the first alert";
  EXPECT_EQ((*incidents)[0].end, kNow + minutes(8));
  EXPECT_EQ((*incidents)[0].target, "orders");
  EXPECT_EQ((*incidents)[1].end, kNow + minutes(20));
  EXPECT_EQ(api.asked.size(), 3U) << "history is read in three pieces";
}

TEST(IncidentsTest, OnlyIncidentsThatBeginInTheJudgedStretchCount) {
  const std::vector<Incident> incidents = {{kNow - minutes(5), kNow + minutes(5), {}},
                                           {kNow + minutes(1), kNow + minutes(90), {}},
                                           {kNow + minutes(60), kNow + minutes(70), {}}};
  const auto within = IncidentsWithin(incidents, {kNow, kNow + minutes(60)});
  ASSERT_EQ(within.size(), 1U);
  EXPECT_EQ(within[0].start, kNow + minutes(1));
}

}  // namespace
}  // namespace promheal::anomaly
