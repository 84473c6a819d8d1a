#include "services/load/request_mix.h"

#include <gtest/gtest.h>

#include <map>

namespace promheal::shop {
namespace {

std::map<std::string, int> Picks(const std::vector<MixedRequest>& mix, int count) {
  std::mt19937 generator(1);
  std::map<std::string, int> picks;
  for (int i = 0; i < count; ++i) {
    const MixedRequest& request = Pick(mix, &generator);
    ++picks[request.service];
    ++picks[request.service + " " + request.method + " " + request.path];
  }
  return picks;
}

TEST(RequestMixTest, EachServiceGetsAThird) {
  for (const auto* mix : {&UsualMix(), &OddMix()}) {
    auto picks = Picks(*mix, 30'000);
    for (const char* service : {"orders", "payments", "auth"}) {
      EXPECT_NEAR(picks[service], 10'000, 500) << service;
    }
  }
}

TEST(RequestMixTest, PicksByWeight) {
  auto picks = Picks({{"a", "GET", "/", 1}, {"b", "GET", "/", 3}, {"c", "GET", "/", 0}}, 10'000);
  EXPECT_NEAR(picks["a"], 2500, 250);
  EXPECT_NEAR(picks["b"], 7500, 250);
  EXPECT_EQ(picks["c"], 0);
}

TEST(RequestMixTest, TheOddMixAsksForWhatTheUsualOneNeverDoes) {
  auto usual = Picks(UsualMix(), 30'000);
  auto odd = Picks(OddMix(), 30'000);
  EXPECT_EQ(usual["orders PUT /checkout"], 0);
  EXPECT_GT(odd["orders PUT /checkout"], 1000);
  EXPECT_GT(odd["auth POST /login"], 2 * usual["auth POST /login"]);
}

}  // namespace
}  // namespace promheal::shop
