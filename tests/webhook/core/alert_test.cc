#include "webhook/core/alert.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/webhook/core/samples.h"

namespace promheal::healing {
namespace {

using samples::At;
using samples::Firing;
using samples::Resolved;

constexpr Duration kTolerance = std::chrono::minutes(1);

class AlertMergeTest : public testing::Test {
 protected:
  AlertChange Receive(const AlertNotice& notice, int received_at) {
    return Merge(record_, notice, At(received_at), kTolerance);
  }
  const AlertNotice crash_ = Firing("Crash", "orders", "crash", 10);
  AlertRecord record_;
};

TEST_F(AlertMergeTest, FirstFiringIsNew) {
  EXPECT_EQ(Receive(crash_, 11), AlertChange::kNew);
  EXPECT_TRUE(IsFiring(record_));
}

TEST_F(AlertMergeTest, DuplicateChangesOnlyTheHeartbeat) {
  Receive(crash_, 11);
  AlertRecord before = record_;
  EXPECT_EQ(Receive(crash_, 12), AlertChange::kRepeat);
  before.last_seen = At(12);
  EXPECT_EQ(record_, before);
}

TEST_F(AlertMergeTest, ReplicaWithAnotherStartIsARepeatAndOneResolveEndsBoth) {
  AlertNotice other = crash_;
  other.starts_at = At(13);
  Receive(crash_, 11);
  EXPECT_EQ(Receive(other, 14), AlertChange::kRepeat);
  EXPECT_EQ(Receive(Resolved(crash_, 40), 41), AlertChange::kResolved);
  EXPECT_FALSE(IsFiring(record_));
}

TEST_F(AlertMergeTest, FiringOvertakenByItsResolveIsLate) {
  EXPECT_EQ(Receive(Resolved(crash_, 20), 21), AlertChange::kUnknownResolve);
  EXPECT_EQ(Receive(crash_, 22), AlertChange::kLate);
  EXPECT_FALSE(IsFiring(record_));
}

TEST_F(AlertMergeTest, FiringLongAfterItsResolveIsDoubtful) {
  Receive(crash_, 11);
  Receive(Resolved(crash_, 20), 21);
  EXPECT_EQ(Receive(crash_, 200), AlertChange::kDoubtful);
  EXPECT_TRUE(IsFiring(record_));
  EXPECT_TRUE(record_.doubtful);
  EXPECT_EQ(Receive(Resolved(crash_, 20), 201), AlertChange::kUnknownResolve) << "an old copy";
  EXPECT_TRUE(IsFiring(record_));
  EXPECT_EQ(Receive(Resolved(crash_, 230), 231), AlertChange::kResolved);
  EXPECT_FALSE(IsFiring(record_));
}

TEST_F(AlertMergeTest, FiringWithANewStartIsANewAlert) {
  Receive(crash_, 11);
  Receive(Resolved(crash_, 20), 21);
  AlertNotice again = crash_;
  again.starts_at = At(25);
  EXPECT_EQ(Receive(again, 26), AlertChange::kNew);
  EXPECT_EQ(record_.starts_at, At(25));
  EXPECT_EQ(Receive(Resolved(crash_, 20), 27), AlertChange::kUnknownResolve)
      << "of the first firing";
  EXPECT_TRUE(IsFiring(record_));
}

TEST_F(AlertMergeTest, ResolveFromTheFutureEndsNow) {
  Receive(crash_, 11);
  Receive(Resolved(crash_, 1000000), 21);
  AlertNotice again = crash_;
  again.starts_at = At(25);
  EXPECT_EQ(Receive(again, 26), AlertChange::kNew) << "a wrong clock must not silence an alert";
}

TEST_F(AlertMergeTest, AResolveEndsItsFiringAlsoIfOurClockIsBehind) {
  AlertNotice replica = crash_;
  replica.starts_at = At(12);
  Receive(crash_, 1);
  Receive(replica, 2);
  EXPECT_EQ(Receive(Resolved(crash_, 20), 5), AlertChange::kResolved)
      << "it began at 12, by their clock";
  EXPECT_FALSE(IsFiring(record_));
  AlertNotice again = crash_;
  again.starts_at = At(15);
  EXPECT_EQ(Receive(again, 6), AlertChange::kNew) << "no more than that firing is over";
}

TEST_F(AlertMergeTest, ResolveWithoutAnEndEndsItsFiring) {
  Receive(crash_, 11);
  AlertNotice resolved = crash_;
  resolved.status = AlertStatus::kResolved;
  resolved.ends_at = Time();  // 0001-01-01 in Alertmanager's words.
  EXPECT_EQ(Receive(resolved, 21), AlertChange::kResolved);
}

TEST_F(AlertMergeTest, AnyOrderOfTheSameNoticesEndsInTheSameStatus) {
  AlertNotice again = crash_;
  again.starts_at = At(25);
  struct Case {
    const char* sentence;
    std::vector<AlertNotice> notices;
    bool firing;
  };
  const Case cases[] = {
      {"fired and resolved", {crash_, Resolved(crash_, 20), crash_}, false},
      {"fired, resolved, fired again", {crash_, Resolved(crash_, 20), again, again}, true},
      {"fired, resolved, fired again, resolved",
       {crash_, Resolved(crash_, 20), again, Resolved(again, 30)},
       false},
  };
  for (const Case& c : cases) {
    std::vector<size_t> order(c.notices.size());
    for (size_t i = 0; i < order.size(); ++i) order[i] = i;
    do {
      AlertRecord record;
      for (const size_t i : order) Merge(record, c.notices[i], At(31), kTolerance);
      EXPECT_EQ(IsFiring(record), c.firing) << c.sentence << testing::PrintToString(order);
    } while (std::next_permutation(order.begin(), order.end()));
  }
}

TEST(AlertTest, TargetIsMadeOfTheTargetLabels) {
  const Labels labels{{"alertname", "A"}, {"service", "orders"}, {"cluster", "eu"}};
  EXPECT_EQ(TargetOf(labels, {"service"}), (Labels{{"service", "orders"}}));
  EXPECT_TRUE(TargetOf(labels, {"pod"}).empty());
}

TEST(AlertTest, AnInstanceIsATargetOfItsOwnIfAllItsLabelsAreThere) {
  const std::vector<std::string> labels = {"service"};
  const Labels alert{{"service", "orders"}, {"instance", "orders-1"}, {"job", "shop"}};
  const Labels service{{"service", "orders"}};
  const Labels instance{{"service", "orders"}, {"instance", "orders-1"}};
  EXPECT_EQ(TargetOf(alert, labels, {}), service);
  EXPECT_EQ(TargetOf(alert, labels, {"instance"}), instance);
  EXPECT_EQ(TargetOf(alert, labels, {"instance", "zone"}), service) << "the zone is missing";
  EXPECT_EQ(TargetOf(Labels{{"instance", "a"}}, labels, {"instance"}), Labels{})
      << "an instance without a service";
  EXPECT_TRUE(IsPartOf(instance, service));
  EXPECT_FALSE(IsPartOf(service, service));
  EXPECT_FALSE(IsPartOf(instance, Labels{{"service", "auth"}}));
  EXPECT_FALSE(IsPartOf(instance, Labels{})) << "no target at all";
}

}  // namespace
}  // namespace promheal::healing
