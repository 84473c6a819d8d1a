#include "exporter/core/detector_codec.h"

#include <gtest/gtest.h>

#include "exporter/core/score.h"
#include "exporter/core/train.h"
#include "tests/exporter/core/simulated_service.h"

namespace promheal::anomaly {
namespace {

constexpr int kWindowRows = 100;

StoredDetector Stored() {
  SimulatedService service(1, true);
  TrainingWindow window(SimulatedService::Features().size(), kWindowRows);
  for (int i = 0; i < 60; ++i) {
    window.Add(Time(SimulatedService::kInterval * i), service.Next({}),
               i == 30 ? RowState::kExcluded : RowState::kNormal);
  }
  window.AcceptSince(Time(SimulatedService::kInterval * 50));
  Model model =
      Train(SimulatedService::Features(), window, {.minimum_rows = 30}, {}, Time(Duration(7)))
          .value();
  return {"fingerprint", Labels{{"service", "orders"}, {"zone", "a"}},
          std::make_shared<const Model>(std::move(model)), window};
}

Result<StoredDetector> Decode(const std::string& bytes) {
  return DecodeDetector(bytes, "fingerprint", SimulatedService::Features(), kWindowRows);
}

TEST(DetectorCodecTest, ReadsBackWhatItWrote) {
  const StoredDetector stored = Stored();
  const std::string bytes = EncodeDetector(stored);
  const Result<StoredDetector> again = Decode(bytes);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->target, stored.target);
  EXPECT_EQ(again->model->feature_models, stored.model->feature_models);
  EXPECT_EQ(again->model->trained_at, stored.model->trained_at);
  EXPECT_EQ(again->window.normal_size(), 59);
  EXPECT_EQ(EncodeDetector(*again), bytes);
}

TEST(DetectorCodecTest, TheModelReadBackScoresTheSame) {
  const StoredDetector stored = Stored();
  const StoredDetector again = Decode(EncodeDetector(stored)).value();
  const Eigen::RowVectorXd values = Eigen::RowVector4d(60.0, 0.2, 0.03, 0.01);
  const auto score = [&](const StoredDetector& each) {
    return ScoreObservation(*each.model,
                            {Time(), each.window.LatestNormal(240), values, StatesOf(values)},
                            -10.0)
        ->anomaly_score;
  };
  EXPECT_EQ(score(again), score(stored));
  EXPECT_GT(score(again), 1.0);
}

TEST(DetectorCodecTest, RefusesDamagedAndTruncatedBytes) {
  const std::string bytes = EncodeDetector(Stored());
  for (size_t size = 0; size < bytes.size(); size += 1 + size / 10) {
    const auto cut = Decode(bytes.substr(0, size));
    ASSERT_FALSE(cut) << size;
    EXPECT_EQ(cut.error().code, ErrorCode::kDataLoss);
  }
  for (size_t at = 0; at < bytes.size(); at += bytes.size() / 97) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    EXPECT_FALSE(Decode(damaged)) << at;
  }
}

TEST(DetectorCodecTest, RefusesAModelOfAnotherConfiguration) {
  const auto other = DecodeDetector(EncodeDetector(Stored()), "another",
                                    SimulatedService::Features(), kWindowRows);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(other.error().message, "learnt under another configuration");
}

TEST(DetectorCodecTest, ASmallerWindowKeepsTheLatestRows) {
  const StoredDetector stored = Stored();
  const auto small =
      DecodeDetector(EncodeDetector(stored), "fingerprint", SimulatedService::Features(), 10);
  ASSERT_TRUE(small);
  EXPECT_EQ(small->window.size(), 10);
  EXPECT_EQ(small->window.row(9).time, stored.window.row(59).time);
}

}  // namespace
}  // namespace promheal::anomaly
