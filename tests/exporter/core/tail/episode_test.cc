#include "exporter/core/tail/episode.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace promheal::anomaly {
namespace {

// A character a minute: '!' = anomalous, '.' = calm. Changes: B = began, E = ended, N = became
// normal,
// - = none.
std::string Changes(std::string_view scores, Duration accept_after) {
  Episode episode;
  std::string changes;
  Time now;
  for (const char score : scores) {
    now += std::chrono::minutes(1);
    const auto change = episode.Observe(now, score == '!' ? 1.5 : 0.5, accept_after);
    changes += "-BEN"[static_cast<int>(change)];
  }
  return changes;
}

TEST(EpisodeTest, BeginsWithTheFirstAnomalyAndEndsAfterFiveCalmSamples) {
  struct Row {
    const char* why;
    std::string_view scores, changes;
  };
  for (const Row& row : std::vector<Row>{
           {"nothing happens", "........", "--------"},
           {"one sample is an episode", "..!......", "--B----E-"},
           {"short calms do not end it", "!..!....!.....", "B------------E"},
           {"a second episode begins", "!.....!.....", "B----EB----E"},
           {"what lasts is the new normal", "!!!!!!!!!!!..", "B---------N--"},
           {"even with short calms", "!!.!!..!!!!..", "B---------N--"},
       }) {
    EXPECT_EQ(Changes(row.scores, std::chrono::minutes(10)), row.changes) << row.why;
  }
}

TEST(EpisodeTest, RemembersSinceWhen) {
  Episode episode;
  const Time start(std::chrono::minutes(7));
  episode.Observe(start, 2.0, std::chrono::minutes(1));
  EXPECT_TRUE(episode.active());
  EXPECT_EQ(episode.Observe(start + std::chrono::minutes(1), 2.0, std::chrono::minutes(1)),
            Episode::Change::kBecameNormal);
  EXPECT_FALSE(episode.active());
  EXPECT_EQ(episode.since(), start);
}

TEST(EpisodeTest, AScoreOfExactlyOneIsNotAbove) {
  Episode episode;
  EXPECT_EQ(episode.Observe({}, 1.0, std::chrono::minutes(1)), Episode::Change::kNone);
}

}  // namespace
}  // namespace promheal::anomaly
