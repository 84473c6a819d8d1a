#include "webhook/core/policy.h"

#include <gtest/gtest.h>

#include "tests/webhook/core/samples.h"
#include "webhook/core/budget.h"

namespace promheal::healing {
namespace {

TEST(LabelMatchTest, MatchesWholeValuesAlternativesAndStars) {
  struct Case {
    const char* pattern;
    const char* value;
    bool matches;
  };
  const Case cases[] = {
      {"orders", "orders", true},
      {"orders", "orders2", false},
      {"orders|payments", "payments", true},
      {"pay*", "payments", true},
      {"*ments", "payments", true},
      {"p*m*s", "payments", true},
      {"p*x*s", "payments", false},
      {"*", "", true},
      {"", "", true},
      {"", "x", false},
      {"a.c", "abc", false},
      {"*aab", "aaaaaaaab", true},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(MatchesAll({{"service", c.pattern}}, Labels{{"service", c.value}}), c.matches)
        << c.pattern << " " << c.value;
  }
}

TEST(PolicyTest, TheFirstThatMatchesCounts) {
  PolicySet set = samples::Policies();
  set.policies.push_back({.name = "rest"});
  EXPECT_EQ(FindPolicy(set, Labels{{"scenario", "latency"}})->name, "latency");
  EXPECT_EQ(FindPolicy(set, Labels{{"scenario", "other"}})->name, "rest");
  set.policies.pop_back();
  EXPECT_EQ(FindPolicy(set, Labels{{"scenario", "other"}}), nullptr);
}

TEST(PolicyTest, ModeIsShadowUnlessSaidOtherwise) { EXPECT_EQ(Policy{}.mode, Mode::kShadow); }

TEST(PolicyTest, PromhealPrometheusAndAlertmanagerAreProtected) {
  const PolicySet set;
  for (const char* name : {"prometheus", "alertmanager", "healing_webhook", "anomaly_exporter"}) {
    EXPECT_TRUE(IsProtected(set, Labels{{"service", name}})) << name;
    EXPECT_TRUE(IsProtected(set, Labels{{"job", name}})) << name;
  }
  EXPECT_FALSE(IsProtected(set, Labels{{"service", "orders"}, {"job", "shop"}}));
}

TEST(PolicyTest, ARungsOwnVerificationComesFirst) {
  Policy policy = samples::PolicyFor("crash", {"restart", "replace"});
  policy.ladder[1].verify = Verification{.times = 7};
  EXPECT_EQ(VerificationOf(policy, 0).times, 2);
  EXPECT_EQ(VerificationOf(policy, 1).times, 7);
}

}  // namespace
}  // namespace promheal::healing
