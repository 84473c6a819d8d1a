#include "exporter/backtest/score_file.h"

#include <gtest/gtest.h>

#include "common/io/file.h"
#include "tests/support/temp_directory.h"

namespace promheal::anomaly {
namespace {

TEST(ScoreFileTest, NamesTargetsByTheirOnlyLabelOrByAll) {
  EXPECT_EQ(TargetName({{"service", "orders"}}), "orders");
  EXPECT_EQ(TargetName({{"service", "orders"}, {"cluster", "eu"}}), "cluster=eu,service=orders");
}

TEST(ScoreFileTest, QuotesFieldsThatWouldBreakALine) {
  EXPECT_EQ(CsvField("orders"), "orders");
  EXPECT_EQ(CsvField("cluster=eu,service=orders"), "\"cluster=eu,service=orders\"");
  EXPECT_EQ(CsvField("a \"b\"\n"), "\"a \"\"b\"\"\n\"");
}

TEST(ScoreFileTest, HasARowForEachScore) {
  const support::TempDirectory directory;
  auto file = ScoreFile::Create(directory.PathOf("scores.csv"));
  ASSERT_TRUE(file);
  const Labels target{{"service", "orders"}};
  const std::optional<Score> score = Score{.anomaly_score = 0.1, .isolation_score = 0.5};
  const std::optional<Score> none;
  file->Add({FromUnixSeconds(1'661'155'800), target, score});
  file->Add({FromUnixSeconds(1'661'155'860), target, none});
  file->Add({FromUnixSeconds(1'661'155'860.5), target, score});
  ASSERT_TRUE(file->Close());
  EXPECT_EQ(*ReadFile(directory.PathOf("scores.csv")),
            "timestamp,target,anomaly_score,isolation_score\n"
            "1661155800,orders,0.1,0.5\n"
            "1661155860.5,orders,0.1,0.5\n");
}

TEST(ScoreFileTest, FailsAtOnceIfItCannotWrite) {
  const auto file = ScoreFile::Create("/nowhere/scores.csv");
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().message, "writing /nowhere/scores.csv: No such file or directory");
}

}  // namespace
}  // namespace promheal::anomaly
