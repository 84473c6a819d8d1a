#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "tests/support/stride.h"
#include "tests/webhook/healer/world.h"

namespace promheal::healing {
namespace {

using namespace std::chrono_literals;
using samples::Firing;
using samples::Resolved;
using samples::World;

std::set<std::pair<std::string, std::string>> ActionsOf(const World& world) {
  std::set<std::pair<std::string, std::string>> actions;
  for (const World::Performed& action : world.performed()) {
    actions.emplace(action.service, action.action);
  }
  return actions;
}

// One crash from first alert to last resolve, dying once at the I/O call `die_at`.
void RunCrash(World& world, int die_at) {
  world.Break("orders");
  world.Deliver({Firing("Crash", "orders", "crash"), Firing("Errors", "orders", "errors")});
  world.DieAt(die_at);
  world.Run(50s);
  world.Deliver({Resolved(Firing("Crash", "orders", "crash"), 45),
                 Resolved(Firing("Errors", "orders", "errors"), 45)});
  world.Run(20s);
}

TEST(HealerCrashTest, DyingAtAnyIoCallNeverRestartsTwiceAndAlwaysHeals) {
  World undisturbed;
  RunCrash(undisturbed, -1);
  const int io_calls = undisturbed.io_calls();
  ASSERT_GT(io_calls, 20);
  for (int die_at = 0; die_at < io_calls; ++die_at) {
    World world;
    RunCrash(world, die_at);
    EXPECT_EQ(world.deaths(), 1) << die_at;
    EXPECT_EQ(world.performed().size(), 1U) << "died at " << die_at;
    ASSERT_EQ(world.Closed().size(), 1U) << "died at " << die_at;
    EXPECT_EQ(world.Closed()[0].outcome, Outcome::kHealed) << "died at " << die_at;
  }
}

// As above, on a ladder where nothing helps: each rung once, whatever happens.
TEST(HealerCrashTest, DyingAtAnyIoCallTakesEachRungOnceAndEndsWithAHuman) {
  const auto run = [](World& world, int die_at) {
    world.Break("orders");
    world.service("orders").healed_by = {};
    world.Deliver({Firing("Slow", "orders", "latency")});
    world.DieAt(die_at);
    world.Run(4min);
  };
  World undisturbed;
  run(undisturbed, -1);
  for (int die_at = 0; die_at < undisturbed.io_calls(); ++die_at) {
    World world;
    run(world, die_at);
    EXPECT_EQ(world.performed().size(), 3U) << "died at " << die_at;
    EXPECT_EQ(ActionsOf(world).size(), 3U) << "died at " << die_at;
    ASSERT_NE(world.Open("orders"), nullptr) << "died at " << die_at;
    EXPECT_EQ(world.Open("orders")->state, IncidentState::kEscalated) << "died at " << die_at;
  }
}

// Random faults, deliveries and deaths; then the invariants of every history.
TEST(HealerPropertyTest, SafetyHoldsOverRandomHistoriesWithCrashes) {
  for (unsigned seed = 1; seed <= 100; seed += support::kStride) {
    std::mt19937 random(seed);
    World world;
    const std::vector<std::string> services = {"orders", "payments", "auth"};
    for (int round = 0; round < 12; ++round) {
      const std::string& service = services[random() % services.size()];
      const int starts_at = static_cast<int>((world.now() - samples::Start()).count() / 1000);
      world.service(service).healed_by =
          random() % 3 == 0 ? std::vector<std::string>{} : std::vector<std::string>{"restart"};
      world.service(service).has_data = random() % 5 != 0;
      world.Break(service);
      const AlertNotice alert = random() % 2 == 0 ? Firing("Crash", service, "crash", starts_at)
                                                  : Firing("Slow", service, "latency", starts_at);
      for (auto copies = random() % 3; copies < 3; ++copies) {
        world.Deliver({alert}, Duration(random() % 5000));
      }
      if (random() % 3 == 0) world.DieAt(world.io_calls() + static_cast<int>(random() % 20));
      world.Run(Duration(random() % 90000));
      if (random() % 2 == 0) world.Deliver({Resolved(alert, starts_at + 30)}, 31s);
    }
    // The same action on the same target at most once per cooldown (60 s), across crashes.
    std::map<std::pair<std::string, std::string>, Time> last;
    for (const World::Performed& performed : world.performed()) {
      const auto key = std::make_pair(performed.service, performed.action);
      if (last.contains(key)) {
        ASSERT_GE(performed.time - last[key], Duration(60s))
            << "seed " << seed << " " << performed.action;
      }
      last[key] = performed.time;
    }
    // In a latency incident no rung is taken before the gentler ones.
    for (const Incident& incident : world.Closed()) {
      size_t rung = 0;
      std::string policy;
      for (const Attempt& attempt : incident.attempts) {
        if (attempt.policy != policy) rung = 0;
        policy = attempt.policy;
        ASSERT_LE(attempt.rung, rung) << "seed " << seed;
        if (attempt.state != AttemptState::kNotHappened) rung = attempt.rung + 1;
      }
      ASSERT_TRUE(incident.outcome) << "never silence";
    }
  }
}

}  // namespace
}  // namespace promheal::healing
