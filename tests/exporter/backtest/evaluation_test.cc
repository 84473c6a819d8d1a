#include "exporter/backtest/evaluation.h"

#include <gtest/gtest.h>

#include <cmath>

namespace promheal::anomaly {
namespace {

using std::chrono::minutes;

const Time kStart(std::chrono::hours(1000));
const Grid kGrid{kStart, minutes(1)};
constexpr float kNone = std::numeric_limits<float>::quiet_NaN();

// Scores of 0 with 2 at the given steps.
TargetScores Scores(const std::string& target, const std::vector<size_t>& high, size_t steps = 60) {
  TargetScores scores{target, std::vector<float>(steps, 0.0F)};
  for (const size_t step : high) scores.scores[step] = 2.0F;
  return scores;
}

Incident At(int from, int to, std::optional<std::string> target = "orders") {
  return {kStart + minutes(from), kStart + minutes(to), std::move(target)};
}

TEST(FindAlertsTest, NeedsPersistentScoresAndJoinsNearAlarms) {
  const TargetScores scores = Scores("orders", {5, 10, 11, 14, 15, 30, 31, 32});
  const std::vector<Alert> alerts = FindAlerts(scores, kGrid, 1.0, 2);
  ASSERT_EQ(alerts.size(), 2U);
  EXPECT_EQ(alerts[0].start, kStart + minutes(11));
  EXPECT_EQ(alerts[0].end, kStart + minutes(15));
  EXPECT_EQ(alerts[1].start, kStart + minutes(31));
  EXPECT_EQ(alerts[1].end, kStart + minutes(32));
}

TEST(FindAlertsTest, AMissingScoreIsNotAboveTheThreshold) {
  TargetScores scores = Scores("orders", {10, 11});
  scores.scores[11] = kNone;
  EXPECT_TRUE(FindAlerts(scores, kGrid, 1.0, 2).empty());
}

TEST(EvaluateTest, TellsRightFalseAndSpreadAlertsApart) {
  const std::vector<Incident> incidents = {At(10, 20), At(40, 45, "auth")};
  const struct {
    const char* sentence;
    std::vector<size_t> high;
    int found, right, spread, falsely;
  } kRows[] = {
      {"an alarm within the incident finds it", {12}, 1, 1, 0, 0},
      {"its very beginning is before it", {10}, 0, 0, 0, 1},
      {"one step after its end still counts", {21}, 1, 1, 0, 0},
      {"later it is recovery: no find, but no false alert", {24}, 0, 1, 0, 0},
      {"later still it is false", {26}, 0, 0, 0, 1},
      {"while another target has an incident it is what spread", {42}, 0, 0, 1, 0},
      {"two alerts, one of them false", {12, 55}, 1, 1, 0, 1},
  };
  for (const auto& row : kRows) {
    const Evaluation evaluation = Evaluate(Scores("orders", row.high), kGrid, incidents, 1.0, 1);
    EXPECT_EQ(evaluation.incidents, 1) << row.sentence;
    EXPECT_EQ(evaluation.found, row.found) << row.sentence;
    EXPECT_EQ(evaluation.right_alerts, row.right) << row.sentence;
    EXPECT_EQ(evaluation.spread_alerts, row.spread) << row.sentence;
    EXPECT_EQ(evaluation.false_alerts, row.falsely) << row.sentence;
  }
}

TEST(EvaluateTest, MeasuresTheDelay) {
  const std::vector<Incident> incidents = {At(10, 20), At(40, 45)};
  const Evaluation evaluation =
      Evaluate(Scores("orders", {13, 14, 39, 40, 41}), kGrid, incidents, 1.0, 2);
  EXPECT_EQ(evaluation.delays_seconds, (std::vector<double>{0.0, 240.0}))
      << "the alert began before the incident: no delay";
  EXPECT_EQ(evaluation.median_delay(), 240.0);
  EXPECT_EQ(evaluation.recall(), 1.0);
  EXPECT_EQ(evaluation.precision(), 1.0);
}

TEST(EvaluateTest, CountsFalseAlertsPerScoredTime) {
  TargetScores scores = Scores("orders", {5}, 7 * 24 * 60);
  EXPECT_DOUBLE_EQ(Evaluate(scores, kGrid, {}, 1.0, 1).false_alerts_a_week(), 1.0);
  std::fill(scores.scores.begin() + 7 * 12 * 60, scores.scores.end(), kNone);
  EXPECT_DOUBLE_EQ(Evaluate(scores, kGrid, {}, 1.0, 1).false_alerts_a_week(), 2.0);
  EXPECT_EQ(Evaluate(scores, kGrid, {}, 1.0, 1).recall(), std::nullopt);
}

TEST(EvaluateFleetTest, AnyTargetFindsAnIncidentOfTheWholeFleetOnce) {
  const std::vector<TargetScores> targets = {Scores("orders", {15}), Scores("auth", {12, 30})};
  const Evaluation evaluation =
      EvaluateFleet(targets, kGrid, {At(10, 20, std::nullopt), At(40, 45)}, 1.0, 1);
  EXPECT_EQ(evaluation.incidents, 2);
  EXPECT_EQ(evaluation.found, 1);
  EXPECT_EQ(evaluation.delays_seconds, std::vector<double>{120.0})
      << "the earliest alert of any target";
  EXPECT_EQ(evaluation.right_alerts, 2);
  EXPECT_EQ(evaluation.false_alerts, 1);
}

}  // namespace
}  // namespace promheal::anomaly
