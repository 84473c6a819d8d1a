#include "exporter/backtest/findings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "exporter/backtest/report.h"

namespace promheal::anomaly {
namespace {

using std::chrono::minutes;
using testing::HasSubstr;
using testing::Not;

const Time kStart = FromUnixSeconds(1'661'155'800);
const Labels kOrders{{"service", "orders"}};
const Labels kAuth{{"service", "<auth>"}};

ExporterConfig Config() {
  ExporterConfig config;
  config.interval = minutes(1);
  config.features = {{{.name = "latency"}, "latency"}, {{.name = "never"}, "never"}};
  return config;
}

Score ScoreOf(double surprise, double deviation = 10.0) {
  Score score{.anomaly_score = std::min(surprise, deviation),
              .surprise = surprise,
              .largest_deviation = deviation};
  score.features.resize(2);
  score.features[0] = {.state = CellState::kPresent,
                       .value = 0.1 * surprise,
                       .expected = 0.05,
                       .lower = 0.0,
                       .upper = 0.1,
                       .deviation = surprise};
  score.features[1].value = std::nan("");
  return score;
}

// Two targets over a day and a half, a sample a minute. `orders` has an incident at step 100 that
// is found at step 102, and a false alert with a score of 1.2 at step 500.
class FindingsTest : public testing::Test {
 protected:
  static constexpr int kSteps = 2160;

  FindingsTest() {
    for (int step = 0; step < kSteps; ++step) {
      double surprise = 0.3;
      if (step >= 101 && step < 105) surprise = 3.0;
      if (step >= 500 && step < 503) surprise = 1.2;
      Add(step, kOrders, ScoreOf(surprise));
      // An improbable but small deviation is no alert under any budget.
      Add(step, kAuth, ScoreOf(step > 900 && step < 910 ? 5.0 : 0.2, 0.9));
    }
    question_.replay.judged = judged_;
  }

  void Add(int step, const Labels& target, const std::optional<Score>& score) {
    recorder_.Add({kStart + minutes(step), target, score});
  }

  Findings Find() const {
    return EvaluateReplay(config_, question_, {.targets = 2, .rows = 4320, .scored_rows = 4320},
                          recorder_);
  }

  void KnowTheIncident() {
    question_.has_incidents = true;
    question_.incidents = {{kStart + minutes(100), kStart + minutes(104), "orders"}};
  }

  ExporterConfig config_ = Config();
  Stretch judged_{kStart, kStart + minutes(kSteps - 1)};
  Recorder recorder_{config_, judged_, true};
  Question question_;
};

TEST_F(FindingsTest, JudgesTheFleetAndEachTarget) {
  KnowTheIncident();
  const Findings findings = Find();
  EXPECT_EQ(findings.fleet.found, 1);
  EXPECT_EQ(findings.fleet.false_alerts, 1);
  EXPECT_EQ(findings.fleet.median_delay(), 120.0);
  ASSERT_EQ(findings.targets.size(), 2U);
  EXPECT_EQ(findings.targets[0].record->scores.target, "<auth>");
  EXPECT_EQ(findings.targets[0].evaluation.alerts(), 0);
  EXPECT_EQ(findings.targets[1].evaluation.right_alerts, 1);
}

TEST_F(FindingsTest, ProposesABudgetThatFindsTheIncidentWithoutTheFalseAlert) {
  KnowTheIncident();
  const Findings findings = Find();
  ASSERT_TRUE(findings.budgets.proposed);
  const BudgetOutcome& proposed = findings.budgets.outcomes[*findings.budgets.proposed];
  EXPECT_LT(proposed.alert_budget, 1.0);
  EXPECT_GT(proposed.threshold, 1.2);
  EXPECT_EQ(proposed.evaluation.found, 1);
  EXPECT_EQ(proposed.evaluation.false_alerts, 0);
  const BudgetOutcome& configured = findings.budgets.outcomes[findings.budgets.configured];
  EXPECT_EQ(configured.alert_budget, 1.0);
  EXPECT_EQ(configured.threshold, 1.0);
  EXPECT_THAT(
      Proposal(config_, findings),
      HasSubstr("which would have found 1 of 1 incidents with 0 false alerts. The configured "
                "1 found 1 with 1."));
}

TEST_F(FindingsTest, ProposesNothingFromAShortQuietHistory) {
  EXPECT_FALSE(Find().budgets.proposed) << "0.4 target-weeks are too short to judge 1 alert a week";
  config_.alert_budget = 20.0;
  EXPECT_TRUE(Find().budgets.proposed);
}

TEST_F(FindingsTest, TheSummaryReadsAsATable) {
  KnowTheIncident();
  const std::string text = SummaryText(config_, question_, Find());
  EXPECT_THAT(text, HasSubstr("2 targets from 2022-08-22T08:10:00Z to 2022-08-23T20:09:00Z, every "
                              "1m: 4320 of 4320 rows scored\n"));
  EXPECT_THAT(text, HasSubstr("incidents found (recall)   1 of 1, 100 %\n"
                              "right alerts (precision)   1 of 2, 50 %; 0 more on other targets "
                              "meanwhile\n"
                              "delay, median              2m\n"
                              "false alerts               1, 2.33 a target and week\n"));
  EXPECT_THAT(text, HasSubstr("*          1       1.00       2        2.33       50 %      100 %"));
}

TEST_F(FindingsTest, TheReportIsOnePageThatNeedsNothingElse) {
  KnowTheIncident();
  const std::string page = ReportPage(config_, question_, Find(), recorder_);
  EXPECT_THAT(page, testing::StartsWith("<!doctype html>"));
  EXPECT_THAT(page, testing::EndsWith("</body></html>\n"));
  EXPECT_THAT(page, HasSubstr("prefers-color-scheme: dark"));
  for (const char* from_elsewhere : {"http:", "https:", "<script", "<link", "<img"}) {
    EXPECT_THAT(page, Not(HasSubstr(from_elsewhere)));
  }
  EXPECT_THAT(page, HasSubstr("&lt;auth&gt;"));
  EXPECT_THAT(page, Not(HasSubstr("<auth>")));
  EXPECT_THAT(page, HasSubstr("class=\"incident\""));
  EXPECT_THAT(page, HasSubstr("<title>alert 2022-08-22T09:52:00Z to"));
  EXPECT_THAT(page, HasSubstr(">latency</text>"));
  EXPECT_THAT(page, Not(HasSubstr(">never</text>"))) << "it has no values to plot";
  EXPECT_THAT(page, Not(HasSubstr("nan")));
  EXPECT_LT(page.size(), 200'000U);
}

TEST(RecorderTest, KeepsTheLargestDeviationOfEachBucket) {
  const ExporterConfig config = Config();
  Recorder recorder(config, {kStart, kStart + minutes(7999)}, true);
  for (int step = 0; step < 8000; ++step) {
    const std::optional<Score> score = ScoreOf(step == 4321 ? 3.0 : 0.1);
    recorder.Add({kStart + minutes(step), kOrders, score});
  }
  const TargetRecord& record = recorder.targets().at(kOrders);
  EXPECT_EQ(recorder.bucket_grid().step, minutes(10));
  ASSERT_EQ(record.plotted_scores.size(), 800U);
  EXPECT_EQ(record.plotted_scores[432], 3.0F);
  EXPECT_FLOAT_EQ(record.features[0][432].value, 0.3F);
  EXPECT_FLOAT_EQ(record.features[0][431].value, 0.01F);
  EXPECT_TRUE(std::isnan(record.features[1][432].value));
  EXPECT_EQ(record.highest_score, 3.0F);
}

}  // namespace
}  // namespace promheal::anomaly
