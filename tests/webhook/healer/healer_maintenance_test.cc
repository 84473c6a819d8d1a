// Maintenance windows: no action starts, running actions are judged, overrides are released.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/webhook/healer/world.h"

namespace promheal::healing {
namespace {

using namespace std::chrono_literals;
using samples::At;
using samples::FakeGateway;
using samples::Firing;
using samples::Resolved;
using samples::World;

const FakeGateway::Place kThrottle = {"throttle", "orders"};

// A window for orders alone, a while after the start.
PolicySet PoliciesWithMaintenance(int from, int until) {
  PolicySet set = samples::Policies();
  set.policies[1] = samples::PolicyFor("latency", {"throttle", "restart"});
  set.policies[1].ladder[0].hold =
      Hold{.at_least = 10s, .at_most = 2min, .release = {20}, .step = 8s};
  set.maintenance = {samples::Deploys(from, until, {{"service", "orders"}})};
  return set;
}

class HealerMaintenanceTest : public testing::Test {
 protected:
  void Begin(int from, int until) {
    world_.emplace(samples::HoldingConfig(gateway_, PoliciesWithMaintenance(from, until)),
                   gateway_);
  }
  void Crash(const std::string& service) {
    world_->Break(service);
    world_->Deliver({Firing("Crash", service, "crash")});
  }
  // A throttle of 40 % in force.
  void Throttle() {
    world_->Break("orders");
    world_->service("orders").eased_by = 40;
    world_->service("orders").healed_by = {};
    world_->Deliver({Firing("Slow", "orders", "latency")});
    world_->Run(9s);
    ASSERT_EQ(gateway_->ValueAt(kThrottle), "40%") << Story();
  }
  std::string Story() const {
    std::string story;
    for (const std::string& line : world_->log) story += line + "\n";
    return story;
  }

  std::shared_ptr<FakeGateway> gateway_ = std::make_shared<FakeGateway>();
  std::optional<World> world_;
};

TEST_F(HealerMaintenanceTest, NothingIsStartedBeforeItsEndAndThenAtOnce) {
  Begin(0, 1800);
  Crash("orders");
  world_->Run(30min - 1s);
  EXPECT_TRUE(world_->performed().empty()) << Story();
  EXPECT_NE(Story().find("it is in the maintenance window 'deploys', until "
                         "2026-01-01T00:30:00.000Z"),
            std::string::npos)
      << Story();
  EXPECT_EQ(Story().find("a human is needed"), std::string::npos) << Story();
  world_->Run(3s);
  ASSERT_EQ(world_->performed().size(), 1U) << Story();
  EXPECT_GE(world_->performed()[0].time, At(1800));
}

TEST_F(HealerMaintenanceTest, OthersAreHealedMeanwhile) {
  Begin(0, 1800);
  Crash("orders");
  Crash("auth");
  world_->Run(1min);
  ASSERT_EQ(world_->performed().size(), 1U) << Story();
  EXPECT_EQ(world_->performed()[0].service, "auth");
}

TEST_F(HealerMaintenanceTest, ItOutlivesTheHealer) {
  Begin(0, 1800);
  Crash("orders");
  world_->Run(10s);
  world_->Kill();
  world_->Run(10min);
  EXPECT_TRUE(world_->performed().empty()) << Story();
}

TEST_F(HealerMaintenanceTest, WhatWasBegunBeforeItIsJudged) {
  Begin(60, 1800);
  world_->Run(56s);
  Crash("orders");
  world_->Run(30s);
  EXPECT_EQ(world_->performed().size(), 1U) << Story();
  EXPECT_NE(Story().find("restart healed it"), std::string::npos) << Story();
}

TEST_F(HealerMaintenanceTest, WhatDidNotHelpDoesNotClimbBeforeItsEnd) {
  Begin(60, 1800);
  world_->Run(50s);
  world_->Break("orders");
  world_->service("orders").healed_by = {};
  world_->Deliver({Firing("Slow", "orders", "latency")});
  world_->Run(25min);
  EXPECT_TRUE(world_->performed().empty()) << "no restart after the throttle: " << Story();
  world_->Run(10min);
  EXPECT_EQ(world_->performed().size(), 1U) << Story();
}

TEST_F(HealerMaintenanceTest, WhatIsInForceIsRenewedMeanwhile) {
  Begin(12, 1800);
  Throttle();
  world_->service("orders").has_data = false;
  world_->Run(60s);
  EXPECT_EQ(gateway_->ValueAt(kThrottle), "40%") << Story();
}

TEST_F(HealerMaintenanceTest, LettingGoGoesOnMeanwhile) {
  Begin(12, 1800);
  Throttle();
  world_->service("orders").healthy = true;
  world_->Deliver({Resolved(Firing("Slow", "orders", "latency"), 9)});
  world_->Run(3min);
  EXPECT_EQ(gateway_->ValueAt(kThrottle), "none") << Story();
}

TEST_F(HealerMaintenanceTest, ANewWindowCountsAtOnce) {
  Begin(3600, 3660);
  world_->service("orders").has_data = false;
  Crash("orders");
  world_->Run(10s);
  world_->Reconfigure(samples::HoldingConfig(gateway_, PoliciesWithMaintenance(0, 1800)));
  world_->service("orders").has_data = true;
  world_->Run(10min);
  EXPECT_TRUE(world_->performed().empty()) << Story();
}

TEST_F(HealerMaintenanceTest, ItsEndIsWhatTheClocksSayHoweverTheyAreSet) {
  Begin(0, 1800);
  Crash("orders");
  world_->Run(10s);
  world_->SetClockForward(1000s);
  world_->Run(10min);
  world_->SetClockBack(500s);
  for (int minutes = 0; minutes < 40 && world_->performed().empty(); ++minutes) world_->Run(1min);
  ASSERT_EQ(world_->performed().size(), 1U) << Story();
  EXPECT_GE(world_->performed()[0].time, At(1800)) << Story();
  EXPECT_LE(world_->performed()[0].time, At(1800 + 60)) << Story();
}

}  // namespace
}  // namespace promheal::healing
