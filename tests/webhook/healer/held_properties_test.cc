// What must hold for everything that is held in force, whatever happens and whenever the healer
// dies.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/support/stride.h"
#include "tests/webhook/healer/world.h"

namespace promheal::healing {
namespace {

using namespace std::chrono_literals;
using samples::FakeGateway;
using samples::Firing;
using samples::Resolved;
using samples::World;

PolicySet HoldingPolicies() {
  PolicySet set = samples::Policies();
  const Hold hold{.at_least = 10s, .at_most = 1min, .release = {20}, .step = 8s};
  set.policies[1] = samples::PolicyFor("latency", {"throttle", "restart"});
  set.policies[1].ladder[0].hold = hold;
  set.policies.push_back(samples::PolicyFor("errors", {"breaker", "restart"}));
  set.policies[2].ladder[0].hold = hold;
  set.policies[2].ladder[0].hold->release = {90, 50};
  set.policies[2].ladder[0].probe = true;
  set.policies.push_back(samples::PolicyFor("slot", {"drain", "restart"}));
  set.policies[3].ladder[0].hold = hold;
  set.policies[3].ladder[0].hold->release = {};
  set.scenarios.push_back("slot");
  set.budgets.in_flight = 16;
  set.unconfirmed_after = 2min;
  return set;
}

// A world that checks the invariants of each write of ours.
class HeldWorld {
 public:
  explicit HeldWorld(PolicySet policies = HoldingPolicies())
      : gateway(std::make_shared<FakeGateway>()),
        world(samples::HoldingConfig(gateway, std::move(policies)), gateway) {
    gateway->before_write = [this](const FakeGateway::Place& place, const std::string& value) {
      CheckWrite(place, value);
    };
  }

  // The override of the ledger that is about this place; nothing where there is none.
  std::optional<HeldOverride> OnRecord(const FakeGateway::Place& place) const {
    for (const auto& [key, entry] : world.ledger_file().entries) {
      if (!key.starts_with(kOpenIncidentPrefix)) continue;
      const Incident incident = *DecodeIncident(entry.value);
      for (const HeldOverride& override : incident.overrides) {
        if (IsSamePlace(override.held.changes[0], {.keeper = "gateway", .subject = place.second}) &&
            (override.action == place.first || place.first == "state")) {
          return override;
        }
      }
    }
    return std::nullopt;
  }

  void CheckWrite(const FakeGateway::Place& place, const std::string& value) {
    const std::string found = gateway->ValueAt(place);
    const std::string where = place.first + " " + place.second + ": " + found + " -> " + value;
    EXPECT_FALSE(found == "human") << "compare-and-set: " << where;
    const std::optional<HeldOverride> held = OnRecord(place);
    ASSERT_TRUE(held) << "nothing is written that is not on record: " << where;
    if (value == "none") {
      EXPECT_TRUE(held->phase == HoldPhase::kUndoing || held->phase == HoldPhase::kLifting)
          << where;
    } else {
      EXPECT_EQ(held->held.changes[0].after, value) << "it is committed before it is applied";
      EXPECT_TRUE(IsWanted(*held)) << "never renewed after its end: " << where;
    }
  }

  bool NothingOfOursIsLeft() const {
    return std::all_of(gateway->entries_.begin(), gateway->entries_.end(), [&](const auto& entry) {
      const std::string value = gateway->ValueAt(entry.first);
      return value == "none" || value == "human";
    });
  }

  std::shared_ptr<FakeGateway> gateway;
  World world;
};

struct Trouble {
  const char* what;
  const char* scenario;
  int eased_by;
  std::vector<std::string> healed_by;
  const char* broken_slot;
};

const Trouble kTroubles[] = {
    {"a throttle helps until it is over", "latency", 40, {}, ""},
    {"a throttle helps, but only a restart heals", "latency", 20, {"restart"}, ""},
    {"a breaker keeps callers off until it is over", "errors", 0, {}, ""},
    {"nothing helps", "latency", 0, {}, ""},
    {"a slot is drained until it is over", "slot", 0, {}, "orders-1"},
};

AlertNotice AlertOf(const Trouble& trouble, int starts_at = 0) {
  AlertNotice notice = Firing(trouble.what, "orders", trouble.scenario, starts_at);
  notice.labels.Set("instance", trouble.broken_slot);
  return notice;
}

// The trouble from its alert until it is over by itself after a while, dying once.
void Tell(HeldWorld& held, const Trouble& trouble, int die_at) {
  World& world = held.world;
  World::Service& service = world.service("orders");
  service.healthy = false;
  service.eased_by = trouble.eased_by;
  service.healed_by = trouble.healed_by;
  service.broken_slot = trouble.broken_slot;
  world.Deliver({AlertOf(trouble)});
  world.DieAt(die_at);
  world.Run(100s);
  service.healthy = true;
  world.Run(2min);
  world.Deliver({Resolved(AlertOf(trouble), 200)});
  world.Run(3min);
}

class HeldCrashTest : public testing::TestWithParam<Trouble> {};

TEST_P(HeldCrashTest, DyingAtAnyIoCallLeavesNothingBehindAndNothingOffTheRecord) {
  HeldWorld undisturbed;
  Tell(undisturbed, GetParam(), -1);
  const int io_calls = undisturbed.world.io_calls();
  ASSERT_GT(io_calls, 20);
  ASSERT_FALSE(undisturbed.gateway->written.empty());
  for (int die_at = 0; die_at < io_calls; die_at += support::kStride) {
    SCOPED_TRACE(testing::Message() << GetParam().what << ", died at " << die_at);
    HeldWorld held;
    Tell(held, GetParam(), die_at);
    EXPECT_EQ(held.world.deaths(), 1);
    EXPECT_TRUE(held.NothingOfOursIsLeft());
    EXPECT_EQ(held.world.Open("orders"), nullptr);
    ASSERT_EQ(held.world.Closed().size(), 1U);
    EXPECT_TRUE(held.world.Closed()[0].overrides.empty());
    if (testing::Test::HasFailure()) return;
  }
}

INSTANTIATE_TEST_SUITE_P(Troubles, HeldCrashTest, testing::ValuesIn(kTroubles));

// Random troubles, deaths, reloads, outages and people at the gateway.
TEST(HeldPropertyTest, SafetyHoldsOverRandomHistories) {
  for (unsigned seed = 1; seed <= 200; seed += support::kStride) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937 random(seed);
    HeldWorld held;
    World& world = held.world;
    World::Service& service = world.service("orders");
    for (int round = 0; round < 8; ++round) {
      const Trouble& trouble = kTroubles[random() % std::size(kTroubles)];
      const int starts_at = static_cast<int>((world.now() - samples::Start()).count() / 1000);
      service = {.healthy = false,
                 .has_data = random() % 6 != 0,
                 .healed_by = trouble.healed_by,
                 .eased_by = trouble.eased_by,
                 .broken_slot = trouble.broken_slot};
      world.Deliver({AlertOf(trouble, starts_at)});
      for (int step = 0; step < 6; ++step) {
        switch (random() % 8) {
          case 0:
            held.gateway->Reload();
            break;
          case 1:
            held.gateway->reachable = random() % 2 == 0;
            break;
          case 2:
            for (const char* table : {"throttle", "breaker"}) {
              const FakeGateway::Place place = {table, "orders"};
              if (held.gateway->ValueAt(place) != "none") held.gateway->SetByHand(place, "human");
            }
            break;
          case 3:
            world.DieAt(world.io_calls() + static_cast<int>(random() % 10));
            break;
          case 4:
            service.healthy = true;
            break;
          case 5:
            world.Kill();
            break;
          case 6:
            held.gateway->entries_.clear();  // Somebody takes back all there is.
            break;
          default:
            break;
        }
        world.Run(Duration(random() % 25000));
      }
      if (random() % 2 == 0) world.Deliver({Resolved(AlertOf(trouble, starts_at), starts_at + 60)});
    }
    // In the end all is well, and told to be.
    held.gateway->reachable = true;
    service = {};
    for (const Trouble& trouble : kTroubles) {
      world.Deliver({Resolved(AlertOf(trouble), 100000)});
    }
    world.Run(10min);
    EXPECT_TRUE(held.NothingOfOursIsLeft());
    EXPECT_EQ(world.Open("orders"), nullptr);
    for (const Incident& incident : world.Closed()) EXPECT_TRUE(incident.overrides.empty());
    if (testing::Test::HasFailure()) return;
  }
}

// If the healer is dead for good, overrides that expire are gone within their time.
TEST(HeldPropertyTest, WithoutTheHealerAThrottleExpires) {
  int in_force = 0;
  for (int seconds = 3; seconds < 40; ++seconds) {
    HeldWorld held;
    held.world.service("orders") = {.healthy = false, .healed_by = {}, .eased_by = 40};
    held.world.Deliver({AlertOf(kTroubles[0])});
    held.world.Run(std::chrono::seconds(seconds));
    const Time dead_since = held.world.now();
    const FakeGateway::Place place = {"throttle", "orders"};
    const auto entry = held.gateway->entries_.find(place);
    if (entry == held.gateway->entries_.end()) continue;
    ++in_force;
    ASSERT_TRUE(entry->second.expires_at);
    EXPECT_LE(*entry->second.expires_at, dead_since + 15s);
  }
  EXPECT_GT(in_force, 10);
}

// A fault that stays while its throttle eases it: over ten minutes no value is left and taken up
// again more often than the doubling wait allows.
TEST(HeldPropertyTest, AStandingFaultDoesNotOscillate) {
  PolicySet policies = HoldingPolicies();
  policies.policies[1].ladder.pop_back();
  policies.policies[1].ladder[0].hold->at_most = 30min;
  HeldWorld held(policies);
  held.world.service("orders") = {.healthy = false, .healed_by = {}, .eased_by = 20};
  held.world.Deliver({AlertOf(kTroubles[0])});
  held.world.Run(10min);
  int lifted = 0;
  for (const auto& [place, value] : held.gateway->written) lifted += value == "none" ? 1 : 0;
  EXPECT_GE(lifted, 3);
  EXPECT_LE(lifted, 6) << "10 s, 20 s, 40 s, ...";
}

}  // namespace
}  // namespace promheal::healing
