#include "webhook/core/storm.h"

#include <gtest/gtest.h>

#include "tests/webhook/core/samples.h"

namespace promheal::healing {
namespace {

using samples::At;

constexpr StormLimit kLimit{
    .incidents = 2, .window = std::chrono::seconds(10), .calm = std::chrono::seconds(60)};

TEST(StormTest, AsManyAsAllowedAreNoStorm) {
  StormWatch watch;
  for (const int at : {0, 0, 11, 11, 22, 22}) watch.Opened(At(at), kLimit);
  EXPECT_FALSE(watch.until());
}

TEST(StormTest, OneMoreWithinTheWindowIsAStormUntilItHasCalmedDown) {
  StormWatch watch;
  for (const int at : {0, 5, 10}) watch.Opened(At(at), kLimit);
  EXPECT_EQ(watch.until(), At(70));
  watch.Opened(At(30), kLimit);
  EXPECT_EQ(watch.until(), At(70)) << "a single further incident does not prolong it";
  watch.Opened(At(31), kLimit);
  watch.Opened(At(32), kLimit);
  EXPECT_EQ(watch.until(), At(92));
}

}  // namespace
}  // namespace promheal::healing
