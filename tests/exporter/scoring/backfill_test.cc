#include "exporter/scoring/backfill.h"

#include <gtest/gtest.h>

#include "tests/exporter/fake_shop.h"

namespace promheal::anomaly {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

const Time kStart(std::chrono::hours(1000));
const Labels kOrders{{"service", "orders"}};

class BackfillTest : public testing::Test {
 protected:
  Result<BackfillReport> Fill(Time start, Time end) {
    return Backfill(config_, api_, start, end, fleet_);
  }

  ExporterConfig config_ = FakeShop::Config();
  support::FakePrometheusApi api_;
  FakeShop shop_{api_, kStart, {"orders", "auth"}};
  Fleet fleet_{config_.feature_set(), config_.detector_options(), config_.max_targets};
};

TEST_F(BackfillTest, HistoryMakesTargetsTrainableAtOnce) {
  const auto report = Fill(kStart, kStart + minutes(5));
  ASSERT_TRUE(report);
  EXPECT_EQ(report->targets, 2);
  EXPECT_EQ(report->rows, 2 * 151);
  EXPECT_EQ(fleet_.TrainingDue(kStart + minutes(5)).size(), 2U);
}

TEST_F(BackfillTest, AsksInPiecesThatDoNotOverlap) {
  ASSERT_TRUE(Fill(kStart, kStart + seconds(2 * (2 * kStepsPerQuery + 9))));
  ASSERT_EQ(api_.asked.size(), 3U * config_.features.size());
  EXPECT_EQ(api_.asked[0].start, kStart);
  EXPECT_EQ(api_.asked[0].end, kStart + seconds(2 * (kStepsPerQuery - 1)));
  EXPECT_EQ(api_.asked[4].start, kStart + seconds(2 * kStepsPerQuery));
  EXPECT_EQ(api_.asked[8].start, kStart + seconds(4 * kStepsPerQuery));
  EXPECT_EQ(api_.asked[8].end, kStart + seconds(2 * (2 * kStepsPerQuery + 9)));
  EXPECT_EQ(fleet_.detectors().at(kOrders).window().size(), 600) << "the window's last rows";
}

TEST_F(BackfillTest, HistoryAndLiveCyclesGiveTheSameRows) {
  ASSERT_TRUE(Fill(kStart, kStart + seconds(20)));
  const TrainingWindow& window = fleet_.detectors().at(kOrders).window();
  ASSERT_EQ(window.size(), 11);
  for (int i = 0; i < window.size(); ++i) {
    const Time time = kStart + seconds(2 * i);
    EXPECT_EQ(window.row(i).time, time);
    for (size_t j = 0; j < config_.features.size(); ++j) {
      const auto live = api_.Query(config_.features[j].expr, time);
      EXPECT_EQ(window.values(i)(static_cast<Eigen::Index>(j)), live->samples[0].value);
    }
  }
}

TEST_F(BackfillTest, StepsWithoutAnySeriesAreNoRows) {
  shop_.gone = [](const std::string& service, Time time) {
    return service == "orders" && time < kStart + seconds(10);
  };
  ASSERT_TRUE(Fill(kStart, kStart + seconds(20)));
  EXPECT_EQ(fleet_.detectors().at(kOrders).window().row(0).time, kStart + seconds(10));
}

TEST_F(BackfillTest, IncidentsInHistoryAreLeftOut) {
  shop_.faults = [](const std::string&, Time time) {
    const bool incident = time >= kStart + minutes(10) && time < kStart + minutes(10) + seconds(20);
    return FakeShop::Faults{.error_ratio = incident ? 0.9 : 0.0};
  };
  ASSERT_TRUE(Fill(kStart, kStart + minutes(20) - seconds(2)));
  Detector& orders = *fleet_.Watch(kOrders);
  EXPECT_EQ(orders.window().normal_size(), 600);
  ASSERT_TRUE(orders.Train(kStart + minutes(20)));
  EXPECT_LE(orders.window().normal_size(), 590);
  EXPECT_GE(orders.window().normal_size(), 587);
}

TEST_F(BackfillTest, ExcludedHistoryIsNotLearnt) {
  config_.training.exclude_when = {"maintenance"};
  api_.Set("maintenance", [](Time time) -> support::FakePrometheusApi::Vector {
    if (time >= kStart + seconds(10)) return {};
    return {{kOrders, 1.0}};
  });
  ASSERT_TRUE(Fill(kStart, kStart + seconds(20)));
  EXPECT_EQ(fleet_.detectors().at(kOrders).window().normal_size(), 6);
  EXPECT_EQ(fleet_.detectors().at(Labels{{"service", "auth"}}).window().normal_size(), 11);
}

TEST_F(BackfillTest, ATargetWithAModelScoresTheGap) {
  ASSERT_TRUE(Fill(kStart, kStart + minutes(5)));
  ASSERT_TRUE(fleet_.Watch(kOrders)->Train(kStart + minutes(5)));
  shop_.faults = [](const std::string&, Time time) {
    return FakeShop::Faults{.latency = time > kStart + minutes(6) ? 8.0 : 1.0};
  };
  ASSERT_TRUE(Fill(kStart, kStart + minutes(7)));
  const TrainingWindow& window = fleet_.detectors().at(kOrders).window();
  EXPECT_EQ(window.size(), 211) << "no row twice";
  EXPECT_EQ(window.row(210).state, RowState::kAnomalous) << "the fault is not learnt";
  EXPECT_TRUE(fleet_.detectors().at(kOrders).episode().active());
}

TEST_F(BackfillTest, AnErrorNamesTheStepThatFailed) {
  api_.Fail("cpu", {ErrorCode::kUnavailable, "refused"});
  const auto report = Fill(kStart, kStart + minutes(5));
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error(), (Error{ErrorCode::kUnavailable, "reading history: refused"}));
}

}  // namespace
}  // namespace promheal::anomaly
