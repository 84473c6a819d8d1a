#include "exporter/core/forest/forest_codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporter/core/forest/isolation_forest.h"

namespace promheal::anomaly {
namespace {

using testing::HasSubstr;

IsolationForest SmallForest() {
  Random random(3, 0);
  const Eigen::MatrixXd samples =
      Eigen::MatrixXd::NullaryExpr(100, 2, [&] { return random.Unit(); });
  return IsolationForest::Fit(samples, {.trees = 5, .subsample = 32}).value();
}

std::string MessageOf(const std::string& bytes) {
  const Result<IsolationForest> forest = IsolationForest::Deserialize(bytes);
  if (forest) return "accepted";
  EXPECT_EQ(forest.error().code, ErrorCode::kDataLoss);
  return forest.error().message;
}

TEST(ForestCodecTest, ReadsBackWhatItWrote) {
  const IsolationForest forest = SmallForest();
  const std::string bytes = forest.Serialize();
  const IsolationForest again = IsolationForest::Deserialize(bytes).value();
  EXPECT_EQ(again.Serialize(), bytes);
  EXPECT_EQ(again.Score(Eigen::RowVector2d(0.2, 3)), forest.Score(Eigen::RowVector2d(0.2, 3)));
}

TEST(ForestCodecTest, RefusesEveryTruncation) {
  const std::string bytes = SmallForest().Serialize();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_NE(MessageOf(bytes.substr(0, size)), "accepted") << size;
  }
  EXPECT_NE(MessageOf(bytes + '\0'), "accepted");
}

TEST(ForestCodecTest, RefusesEveryFlippedBit) {
  const std::string bytes = SmallForest().Serialize();
  for (std::size_t bit = 0; bit < bytes.size() * 8; bit += 3) {
    std::string damaged = bytes;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_NE(MessageOf(damaged), "accepted") << bit;
  }
}

TEST(ForestCodecTest, SaysWhatIsWrong) {
  std::string bytes = SmallForest().Serialize();
  EXPECT_THAT(MessageOf(""), HasSubstr("not a stored forest"));
  EXPECT_THAT(MessageOf("hello, world, this is no forest"), HasSubstr("not a stored forest"));
  bytes[bytes.size() / 2] ^= 1;
  EXPECT_THAT(MessageOf(bytes), HasSubstr("checksum"));
  bytes[4] = 99;
  EXPECT_THAT(MessageOf(bytes), HasSubstr("version 99"));
}

}  // namespace
}  // namespace promheal::anomaly
