#include "exporter/core/detector.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "exporter/core/tail/threshold.h"
#include "tests/exporter/core/simulated_service.h"

namespace promheal::anomaly {
namespace {

using Faults = SimulatedService::Faults;
using std::chrono::minutes;
using std::chrono::seconds;

// The demo's settings: a sample every two seconds, ready after a minute.
DetectorOptions DemoOptions() {
  DetectorOptions options;
  options.training.minimum_rows = 30;
  options.log_q = LogAlertProbability(7.0, SimulatedService::kInterval);
  options.retrain_every = minutes(8);
  options.accept_after = minutes(8);
  return options;
}

// A service and its detector, two seconds a step.
class Watch {
 public:
  explicit Watch(uint64_t seed, bool waves)
      : service_(seed, waves), detector_(SimulatedService::Features(), DemoOptions()) {}

  // The score; 0 if there is none.
  double Step(const Faults& faults = {}) {
    now_ += SimulatedService::kInterval;
    const Eigen::RowVectorXd values = service_.Next(faults);
    const auto score = detector_.Observe(now_, values, StatesOf(values));
    if (detector_.TrainingDue(now_)) trained_ = detector_.Train(now_);
    EXPECT_TRUE(trained_);
    last_ = score.value_or(Score{});
    return last_.anomaly_score;
  }

  double LargestOf(Duration time, const Faults& faults = {}) {
    double largest = 0.0;
    for (Duration t{}; t < time; t += SimulatedService::kInterval) {
      largest = std::max(largest, Step(faults));
    }
    return largest;
  }

  // The number of samples until a score is above 1; `at_most` + 1 if none is.
  int SamplesUntilAnomalous(const Faults& faults, int at_most) {
    for (int i = 1; i <= at_most; ++i) {
      if (Step(faults) > 1.0) return i;
    }
    return at_most + 1;
  }

  Detector& detector() { return detector_; }
  const Score& last() const { return last_; }
  Time now() const { return now_; }

 private:
  SimulatedService service_;
  Detector detector_;
  Time now_ = Time(std::chrono::hours(1));
  Score last_;
  Status trained_;
};

TEST(DetectorTest, IsReadyAfterTheMinimumOfSamples) {
  Watch watch(1, false);
  watch.LargestOf(seconds(58));
  EXPECT_EQ(watch.detector().model(), nullptr);
  EXPECT_EQ(watch.detector().not_ready(), NotTrainable::kTooFewSamples);
  watch.Step();
  ASSERT_NE(watch.detector().model(), nullptr);
  EXPECT_EQ(watch.detector().model()->rows, 30);
  EXPECT_EQ(watch.detector().not_ready(), std::nullopt);
}

TEST(DetectorTest, StaysSilentForTwentyMinutesOfSteadyAndOfWavyLoad) {
  for (const bool waves : {false, true}) {
    for (uint64_t seed = 1; seed <= 6; ++seed) {
      EXPECT_LE(Watch(seed, waves).LargestOf(minutes(20)), 1.0) << waves << " seed " << seed;
    }
  }
}

TEST(DetectorTest, FindsFaultsWithinThreeFreshSamplesOneMinuteAndTenMinutesAfterItsFirstSample) {
  struct Row {
    const char* what;
    Faults faults;
    int samples;  // Simulated rates span three samples.
  };
  const std::vector<Row> rows = {{"three times the traffic", {.traffic = 3.0}, 3},
                                 {"a tenth of the traffic", {.traffic = 0.1}, 3},
                                 {"five times the latency", {.latency = 5.0}, 2},
                                 {"every fifth request an error", {.error_ratio = 0.2}, 3},
                                 {"every second request an error", {.error_ratio = 0.5}, 2}};
  for (const Duration warm_up : {Duration(seconds(62)), Duration(minutes(10))}) {
    for (const Row& row : rows) {
      for (uint64_t seed = 1; seed <= 4; ++seed) {
        Watch watch(seed, false);
        watch.LargestOf(warm_up);
        EXPECT_LE(watch.SamplesUntilAnomalous(row.faults, 5), row.samples)
            << row.what << ", seed " << seed;
      }
    }
  }
}

TEST(DetectorTest, FindsFaultsInWaves) {
  for (uint64_t seed = 1; seed <= 4; ++seed) {
    for (const Faults& faults : std::vector<Faults>{
             {.traffic = 4.0}, {.traffic = 0.1}, {.latency = 5.0}, {.error_ratio = 0.5}}) {
      Watch watch(seed, true);
      watch.LargestOf(minutes(5));
      EXPECT_LE(watch.SamplesUntilAnomalous(faults, 15), 15)
          << faults.traffic << " " << faults.latency << ", seed " << seed;
    }
  }
}

TEST(DetectorTest, NamesTheFeatureThatDeviates) {
  Watch watch(3, true);
  watch.LargestOf(minutes(3));
  watch.LargestOf(seconds(6), {.error_ratio = 0.5});
  ASSERT_GE(watch.last().top_feature, 0);
  EXPECT_EQ(SimulatedService::Features().specs[static_cast<size_t>(watch.last().top_feature)].name,
            "errors");
}

TEST(DetectorTest, DoesNotLearnAnAnomaly) {
  Watch watch(1, false);
  watch.LargestOf(minutes(5));
  const double expected = watch.last().features[0].expected;
  watch.LargestOf(minutes(5), {.traffic = 5.0});
  EXPECT_GT(watch.last().anomaly_score, 1.0) << "as anomalous as at first";
  EXPECT_NEAR(watch.last().features[0].expected, expected, 0.15 * expected);
  EXPECT_TRUE(watch.detector().episode().active());
  watch.LargestOf(seconds(20));
  EXPECT_FALSE(watch.detector().episode().active());
  EXPECT_LE(watch.LargestOf(minutes(2)), 1.0) << "after the fault it scores as normal";
}

TEST(DetectorTest, LearnsNothingUntilAnEpisodeHasEnded) {
  Watch watch(1, false);
  watch.LargestOf(minutes(3));
  const int learnt = watch.detector().window().normal_size();
  watch.LargestOf(seconds(20), {.error_ratio = 0.5});
  watch.LargestOf(seconds(2));
  EXPECT_TRUE(watch.detector().episode().active());
  EXPECT_EQ(watch.detector().window().normal_size(), learnt);
  watch.LargestOf(seconds(30));
  EXPECT_FALSE(watch.detector().episode().active());
  EXPECT_GT(watch.detector().window().normal_size(), learnt);
}

TEST(DetectorTest, LeavesAnIncidentDuringTheWarmUpOut) {
  Watch watch(1, false);
  watch.LargestOf(seconds(30));
  watch.LargestOf(seconds(2), {.error_ratio = 0.9});
  watch.LargestOf(seconds(30));
  EXPECT_LT(watch.detector().window().normal_size(), watch.detector().window().size());
}

TEST(DetectorTest, AcceptsALastingChangeAsTheNewNormal) {
  Watch watch(1, false);
  watch.LargestOf(minutes(5));
  EXPECT_GT(watch.LargestOf(minutes(8) + seconds(10), {.traffic = 5.0}), 1.0);
  EXPECT_FALSE(watch.detector().episode().active());
  EXPECT_LE(watch.LargestOf(minutes(5), {.traffic = 5.0}), 1.0);
}

// Errors that never occurred during warm-up and then recur every forty seconds.
TEST(DetectorTest, LearnsWhatRecursFarMoreOftenThanItsBudget) {
  Watch watch(1, false);
  watch.LargestOf(minutes(2));
  const auto alarms_in = [&](int blips) {
    int alarms = 0;
    for (int i = 0; i < blips; ++i) {
      const double blip = watch.LargestOf(seconds(2), {.error_ratio = 0.5});
      if (std::max(blip, watch.LargestOf(seconds(38))) > 1.0) ++alarms;
    }
    return alarms;
  };
  EXPECT_GT(alarms_in(10), 5);
  alarms_in(30);
  EXPECT_LE(alarms_in(10), 1);
  EXPECT_LE(watch.SamplesUntilAnomalous({.traffic = 5.0}, 5), 3)
      << "other deviations are still found";
}

TEST(DetectorTest, DoesNotLearnWhatIsExcluded) {
  Detector detector(SimulatedService::Features(), DemoOptions());
  SimulatedService service(1, false);
  Time now;
  for (int i = 0; i < 100; ++i) {
    now += seconds(2);
    const Eigen::RowVectorXd values = service.Next({});
    detector.Observe(now, values, StatesOf(values), true);
  }
  EXPECT_EQ(detector.window().normal_size(), 0);
  EXPECT_FALSE(detector.TrainingDue(now));
}

TEST(DetectorTest, ARowThatIsNotLaterTeachesNothing) {
  Watch watch(1, false);
  watch.LargestOf(minutes(2));
  const int size = watch.detector().window().size();
  const Eigen::RowVectorXd values = watch.detector().window().values(size - 1);
  const auto again = watch.detector().Observe(watch.now(), values, StatesOf(values));
  EXPECT_TRUE(again.has_value());
  EXPECT_EQ(watch.detector().window().size(), size);
}

TEST(DetectorTest, HistoryAndLiveRowsGiveTheSameModel) {
  const FeatureSet features = SimulatedService::Features();
  Detector live(features, DemoOptions());
  Detector from_history(features, DemoOptions());
  SimulatedService service(5, true);
  Time now;
  for (int i = 0; i < 200; ++i) {
    now += seconds(2);
    const Eigen::RowVectorXd values = service.Next({});
    live.Observe(now, values, StatesOf(values));
    from_history.AddHistory(now, values, false);
  }
  ASSERT_TRUE(live.Train(now));
  ASSERT_TRUE(from_history.Train(now));
  EXPECT_EQ(live.model()->forest.Serialize(), from_history.model()->forest.Serialize());
  EXPECT_EQ(live.model()->feature_models, from_history.model()->feature_models);
}

// The demo's waves have a cycle of a minute. The expected value follows them, so deviations from
// them stand out more.
TEST(DetectorTest, ExpectsTheWavesOnceItHasSeenThem) {
  const FeatureSet features = SimulatedService::Features();
  DetectorOptions with = DemoOptions();
  with.training.seasonality.cycles = {minutes(1)};
  Detector plain(features, DemoOptions());
  Detector seasonal(features, with);
  SimulatedService service(2, true);
  double plain_error = 0.0;
  double seasonal_error = 0.0;
  for (int i = 1; i <= 600; ++i) {
    const Time now(SimulatedService::kInterval * i);
    const Eigen::RowVectorXd values = service.Next({});
    const auto without_season = plain.Observe(now, values, StatesOf(values));
    const auto with_season = seasonal.Observe(now, values, StatesOf(values));
    if (i > 300) {
      plain_error += std::abs(without_season->features[0].expected - values(0));
      seasonal_error += std::abs(with_season->features[0].expected - values(0));
      EXPECT_LE(with_season->anomaly_score, 1.0) << i;
    }
    for (Detector* detector : {&plain, &seasonal}) {
      if (detector->TrainingDue(now)) {
        ASSERT_TRUE(detector->Train(now));
      }
    }
  }
  EXPECT_FALSE(seasonal.model()->feature_models[0].seasons.empty());
  EXPECT_LT(seasonal_error, 0.7 * plain_error);
}

TEST(DetectorTest, RetrainsWhenItsWindowHasGrownByHalfOrItsModelIsOld) {
  Watch watch(1, false);
  watch.LargestOf(seconds(60));
  EXPECT_EQ(watch.detector().model()->rows, 30);
  watch.LargestOf(seconds(28));
  EXPECT_EQ(watch.detector().model()->rows, 30);
  watch.LargestOf(seconds(2));
  EXPECT_EQ(watch.detector().model()->rows, 45);
  EXPECT_FALSE(watch.detector().TrainingDue(watch.now()));
  EXPECT_TRUE(watch.detector().TrainingDue(watch.now() + minutes(8)));
}

TEST(DetectorTest, MissingFeaturesLowerCoverageNotTheScore) {
  Watch watch(1, false);
  watch.LargestOf(minutes(2));
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Eigen::RowVectorXd values = Eigen::RowVector4d(13.0, nan, nan, nan);
  const auto score = watch.detector().Observe(watch.now() + seconds(2), values, StatesOf(values));
  ASSERT_TRUE(score);
  EXPECT_EQ(score->coverage, 0.25);
  EXPECT_LE(score->anomaly_score, 1.0);
}

}  // namespace
}  // namespace promheal::anomaly
