#include "webhook/executors/haproxy/plan.h"

#include <gtest/gtest.h>

#include "tests/webhook/executors/haproxy/fake_haproxy.h"

namespace promheal::healing {
namespace {

using std::chrono::seconds;

const Labels kLabels{{"service", "orders"}, {"instance", "orders-2"}};

std::string Subject(HaproxyOperation operation, const Labels& labels = kLabels) {
  const auto subject = SubjectOf({.operation = operation}, labels);
  return subject ? *subject : "error: " + subject.error().message;
}

TEST(PlanTest, TheSubjectFollowsFromLabels) {
  EXPECT_EQ(Subject(HaproxyOperation::kThrottle), "orders");
  EXPECT_EQ(Subject(HaproxyOperation::kBreaker), "orders");
  EXPECT_EQ(Subject(HaproxyOperation::kDrain), "orders/orders-2");
  EXPECT_EQ(Subject(HaproxyOperation::kScaleOut), "orders") << "which slot, the state says";
  EXPECT_EQ(Subject(HaproxyOperation::kDelServer), "orders/orders-2");
  EXPECT_EQ(Subject(HaproxyOperation::kRedirect), "orders");
  EXPECT_EQ(SubjectOf({.operation = HaproxyOperation::kAddServer,
                       .server = LabelTemplate("{instance}-x"),
                       .address = LabelTemplate("10.0.0.{host}:8080")},
                      Labels{{"service", "orders"}, {"instance", "orders-2"}, {"host", "7"}})
                .value(),
            "orders/orders-2-x@10.0.0.7:8080");
  EXPECT_EQ(SubjectOf({.operation = HaproxyOperation::kDrain,
                       .backend = LabelTemplate("{service}-backend"),
                       .server = LabelTemplate("{service}-1")},
                      kLabels)
                .value(),
            "orders-backend/orders-1");
}

TEST(PlanTest, LabelsThatAreMissingOrUnsafeHaveNoSubject) {
  EXPECT_EQ(Subject(HaproxyOperation::kDrain, Labels{{"service", "orders"}}),
            "error: the alert has no label 'instance', which '{instance}' needs");
  EXPECT_EQ(Subject(HaproxyOperation::kThrottle, Labels{{"service", "orders; shutdown"}}),
            "error: the value of label 'service' may not be put into a command for HAProxy: it "
            "holds something other than letters, digits and _ . : -");
  EXPECT_EQ(
      SubjectOf({.operation = HaproxyOperation::kAddServer, .address = LabelTemplate("{instance}")},
                Labels{{"service", "orders"}, {"instance", "orders-2"}})
          .error()
          .message,
      "the address may not be put into a command for HAProxy: expected an IPv4 address and a "
      "port, such as 172.18.0.5:3011");
  EXPECT_EQ(SubjectOf({.operation = HaproxyOperation::kThrottle,
                       .key = LabelTemplate("{service}{service}")},
                      Labels{{"service", std::string(40, 'a')}})
                .error()
                .message,
            "the key may not be put into a command for HAProxy: it is longer than 63 characters");
}

TEST(PlanTest, SaysWhatIsWanted) {
  const auto wanted = [](HaproxyOperation operation, int percent, int initial_weight = 0) {
    const auto value =
        WantedValue({.operation = operation, .maxconn = 20}, percent, initial_weight);
    return value ? *value : "error: " + value.error().message;
  };
  EXPECT_EQ(wanted(HaproxyOperation::kThrottle, 40), "40%");
  EXPECT_EQ(wanted(HaproxyOperation::kThrottle, 100), "100%");
  EXPECT_EQ(wanted(HaproxyOperation::kBreaker, 100), "open");
  EXPECT_EQ(wanted(HaproxyOperation::kBreaker, 90), "90%");
  EXPECT_EQ(wanted(HaproxyOperation::kDrain, 100), "drain");
  EXPECT_EQ(wanted(HaproxyOperation::kReady, 100), "ready");
  EXPECT_EQ(wanted(HaproxyOperation::kMaint, 100), "maint");
  EXPECT_EQ(wanted(HaproxyOperation::kScaleOut, 100), "ready");
  EXPECT_EQ(wanted(HaproxyOperation::kScaleIn, 100), "maint");
  EXPECT_EQ(wanted(HaproxyOperation::kSetMaxconn, 100), "20");
  EXPECT_EQ(wanted(HaproxyOperation::kSetWeight, 25, 100), "25");
  EXPECT_EQ(wanted(HaproxyOperation::kSetWeight, 50, 3), "2");
  EXPECT_EQ(wanted(HaproxyOperation::kSetWeight, 10, 1),
            "error: 10% of the configured weight 1 rounds to 0: configure `weight 100`");
}

class SpareTest : public testing::Test {
 protected:
  // `states` are those of orders-1, orders-2 and orders-3.
  std::vector<ServerState> View(const std::vector<SlotState>& states) {
    FakeHaproxy haproxy(clock_);
    for (size_t i = 0; i < states.size(); ++i) {
      haproxy.Answer("set server orders/orders-" + std::to_string(i + 1) + " state " +
                     std::string(ToString(states[i])));
    }
    return ParseServerStates(haproxy.Answer("show servers state orders")).value();
  }
  std::string Spare(const BackendViews& views) {
    const auto chosen = ChooseSpare(views, "orders");
    return chosen ? chosen->server : chosen.error().message;
  }
  std::string Surplus(const BackendViews& views) {
    const auto chosen = ChooseSurplus(views, "orders");
    return chosen ? chosen->server : chosen.error().message;
  }
  static constexpr SlotState kReady = SlotState::kReady;
  static constexpr SlotState kDrain = SlotState::kDrain;
  static constexpr SlotState kMaint = SlotState::kMaint;
  support::FakeClock clock_{Time(seconds(1'767'225'600))};
};

TEST_F(SpareTest, TheFirstIdleSpareIsTakenAndTheLastOneInServiceGoes) {
  EXPECT_EQ(Spare({View({kReady, kMaint, kMaint})}), "orders-2");
  EXPECT_EQ(Spare({View({kReady, kReady, kMaint})}), "orders-3");
  EXPECT_EQ(Spare({View({kReady, kReady, kReady})}), "no spare slot is left in backend orders");
  EXPECT_EQ(Surplus({View({kReady, kReady, kReady})}), "orders-3");
  EXPECT_EQ(Surplus({View({kReady, kReady, kMaint})}), "orders-2");
  EXPECT_EQ(Surplus({View({kReady, kMaint, kMaint})}),
            "no spare slot of backend orders is in service");
}

TEST_F(SpareTest, WhatAHumanTookOutIsNoSpare) {
  EXPECT_EQ(Spare({View({kMaint, kReady, kReady})}), "no spare slot is left in backend orders");
  EXPECT_EQ(Spare({View({kReady, kDrain, kMaint})}), "orders-3");
}

TEST_F(SpareTest, WhereHaproxiesDifferTheyAgreeAfterwards) {
  EXPECT_EQ(Spare({View({kReady, kReady, kMaint}), View({kReady, kMaint, kMaint})}), "orders-2");
  EXPECT_EQ(Surplus({View({kReady, kReady, kMaint}), View({kReady, kReady, kReady})}), "orders-3");
}

TEST_F(SpareTest, TellsWhatChangedSince) {
  std::vector<ServerState> servers = View({kReady, kReady, kMaint});
  const Time now = clock_.Now();
  const auto changed = [&](bool in_service, int intended_ago, int changed_ago) {
    for (ServerState& server : servers) server.since_change = seconds(changed_ago);
    return SpareChangedSince(servers, in_service, now - seconds(intended_ago), now);
  };
  EXPECT_TRUE(changed(true, 10, 3));
  EXPECT_TRUE(changed(true, 3, 3)) << "seconds are cut off";
  EXPECT_FALSE(changed(true, 3, 5)) << "an earlier scale-out";
  EXPECT_TRUE(changed(false, 10, 3)) << "orders-3 went out";
  EXPECT_FALSE(changed(false, 3, 100));
}

TEST(PlanTest, FindsTheLabelsBehindAKey) {
  EXPECT_EQ(LabelsBehind(LabelTemplate("{service}"), "orders"), (Labels{{"service", "orders"}}));
  EXPECT_EQ(LabelsBehind(LabelTemplate("eu-{service}-be"), "eu-orders-be"),
            (Labels{{"service", "orders"}}));
  EXPECT_EQ(LabelsBehind(LabelTemplate("eu-{service}"), "us-orders"), Labels{});
  EXPECT_EQ(LabelsBehind(LabelTemplate("eu-{service}"), "eu-"), Labels{});
  EXPECT_EQ(LabelsBehind(LabelTemplate("{a}-{b}"), "x-y"), Labels{}) << "which is which?";
  EXPECT_EQ(LabelsBehind(LabelTemplate("fixed"), "fixed"), Labels{});
}

}  // namespace
}  // namespace promheal::healing
