#include "exporter/backtest/replay.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <utility>

#include "exporter/exporter.h"
#include "tests/exporter/borrowed_api.h"
#include "tests/exporter/fake_shop.h"
#include "tests/support/fake_clock.h"
#include "tests/support/null_logger.h"

namespace promheal::anomaly {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using support::FakePrometheusApi;

const Time kStart(std::chrono::hours(1000));
const Labels kOrders{{"service", "orders"}};
const Labels kAuth{{"service", "auth"}};

using Scores = std::map<std::pair<Time, Labels>, double>;

class ReplayTest : public testing::Test {
 protected:
  ReplayTest() {
    shop_.faults = [](const std::string& service, Time time) {
      const bool broken =
          service == "orders" && time >= kStart + minutes(24) && time < kStart + minutes(25);
      return FakeShop::Faults{.error_ratio = broken ? 0.5 : 0.0};
    };
  }

  Result<ReplaySummary> Run(const ReplayOptions& options) {
    scores_.clear();
    return Replay(config_, api_, options,
                  {.on_row =
                       [this](const ReplayedRow& row) {
                         if (row.score) {
                           scores_[{row.time, row.target}] = row.score->anomaly_score;
                         }
                       },
                   .on_step = {}});
  }

  // The scores of a running exporter that was started at `from`.
  Scores Live(Time from, Time to) {
    const auto log = support::MakeNullLogger();
    support::FakeClock clock(from);
    ModelStore store("", *log);
    ExporterMetrics metrics;
    Published<Snapshot> snapshot;
    AnomalyExporter exporter(config_, {std::make_unique<BorrowedApi>(api_), {}},
                             {clock, *log, store, metrics, snapshot});
    exporter.Start();
    Scores scores;
    for (; clock.Now() <= to; clock.Set(exporter.NextRun())) {
      exporter.RunCycle();
      const auto latest = snapshot.Get();
      for (const TargetSnapshot& target : latest->targets) {
        if (target.score) scores[{latest->time, target.target}] = target.score->anomaly_score;
      }
    }
    return scores;
  }

  double HighestOf(const Labels& target, Time from, Time to) const {
    double highest = 0.0;
    for (const auto& [key, score] : scores_) {
      const bool within = key.first >= from && key.first <= to;
      if (key.second == target && within) highest = std::max(highest, score);
    }
    return highest;
  }

  ExporterConfig config_ = FakeShop::Config();
  FakePrometheusApi api_;
  FakeShop shop_{api_, kStart, {"orders", "auth"}};
  Scores scores_;
};

TEST_F(ReplayTest, GivesTheScoresThatTheRunningExporterGave) {
  shop_.gone = [](const std::string& service, Time time) {
    return service == "auth" && time > kStart + minutes(28) && time < kStart + minutes(30);
  };
  const Stretch judged{kStart + minutes(20), kStart + minutes(40)};
  const Scores live = Live(judged.from, judged.to);
  ASSERT_TRUE(Run({.judged = judged, .training = {}}));
  EXPECT_GT(live.size(), 1100U);
  EXPECT_EQ(scores_, live) << "bit by bit, through trainings and an incident";
}

TEST_F(ReplayTest, DoesNotUseLaterData) {
  const Time from = kStart + minutes(20);
  ASSERT_TRUE(Run({.judged = {from, from + minutes(20)}, .training = {}}));
  Scores first_half;
  for (const auto& [key, score] : scores_) {
    if (key.first <= from + minutes(10)) first_half[key] = score;
  }
  ASSERT_TRUE(Run({.judged = {from, from + minutes(10)}, .training = {}}));
  EXPECT_EQ(scores_, first_half);
}

TEST_F(ReplayTest, FindsTheFaultWithModelsFromAnyTrainingStretch) {
  for (const Stretch training : {Stretch{kStart, kStart + minutes(15)},
                                 Stretch{kStart + minutes(30), kStart + minutes(45)}}) {
    const auto summary =
        Run({.judged = {kStart + minutes(20), kStart + minutes(28)}, .training = training});
    ASSERT_TRUE(summary) << summary.error().message;
    EXPECT_EQ(summary->targets, 2);
    EXPECT_EQ(summary->rows, 2 * 241);
    EXPECT_EQ(summary->scored_rows, 2 * 241);
    EXPECT_GT(HighestOf(kOrders, kStart + minutes(24), kStart + minutes(25)), 1.0);
    EXPECT_LT(HighestOf(kAuth, kStart + minutes(20), kStart + minutes(28)), 1.5);
  }
}

TEST_F(ReplayTest, RepeatsItselfToTheBit) {
  const ReplayOptions options{.judged = {kStart + minutes(20), kStart + minutes(26)},
                              .training = Stretch{kStart, kStart + minutes(15)}};
  ASSERT_TRUE(Run(options));
  const Scores first = scores_;
  ASSERT_TRUE(Run(options));
  EXPECT_EQ(scores_, first);
  config_.training.seed = 2;
  ASSERT_TRUE(Run(options));
  EXPECT_NE(scores_, first) << "another seed, other forests";
}

TEST_F(ReplayTest, QueriesOnTheGridOfLiveCycles) {
  ASSERT_TRUE(
      Run({.judged = {kStart + minutes(20) + seconds(1), kStart + minutes(21)}, .training = {}}));
  EXPECT_EQ(scores_.begin()->first.first, kStart + minutes(20) + seconds(2));
  EXPECT_EQ(api_.asked.front().start, kStart + seconds(4)) << "one window of history";
}

TEST_F(ReplayTest, CountsTargetsBeyondTheLimit) {
  config_.max_targets = 1;
  const auto summary =
      Run({.judged = {kStart + minutes(20), kStart + minutes(21)}, .training = {}});
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->targets, 1);
  EXPECT_EQ(summary->targets_over_limit, 1);
}

TEST_F(ReplayTest, SaysWhyItFails) {
  const Stretch judged{kStart + minutes(20), kStart + minutes(21)};
  const auto message = [&](const ReplayOptions& options) {
    const auto summary = Run(options);
    return summary ? "" : summary.error().message;
  };
  EXPECT_EQ(message({.judged = {judged.to, judged.from}, .training = {}}),
            "the judged stretch from 1970-02-11T16:21:00Z to 1970-02-11T16:20:00Z contains "
            "no multiple of the step");
  EXPECT_EQ(message({.judged = {kStart - minutes(10), kStart - minutes(5)}, .training = {}}),
            "no feature has a series with service from 1970-02-11T15:50:00Z to "
            "1970-02-11T15:55:00Z");
  EXPECT_EQ(message({.judged = judged, .training = Stretch{kStart, kStart + seconds(20)}}),
            "the training stretch gives no model: it has 2 targets, none of them with 30 samples "
            "(training.warm_up)");
  api_.Fail("cpu", {ErrorCode::kUnavailable, "refused"});
  EXPECT_EQ(message({.judged = judged, .training = {}}), "reading history: refused");
}

}  // namespace
}  // namespace promheal::anomaly
