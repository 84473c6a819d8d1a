// The audit trail has every change once, with its cause.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include "tests/webhook/healer/world.h"
#include "webhook/ledger/audit_trail.h"

namespace promheal::healing {
namespace {

using namespace std::chrono_literals;
using samples::Firing;
using samples::Resolved;
using samples::World;

std::vector<AuditRow> RowsOf(World& world) {
  std::vector<AuditRow> rows;
  const auto entries = world.ledger().List(kAuditPrefix, 0, false);
  for (const LedgerEntry& entry : *entries) rows.push_back(*DecodeAuditRow(entry.value));
  return rows;
}

std::string Told(const std::vector<AuditRow>& rows) {
  std::string text;
  for (const AuditRow& row : rows) {
    text += fmt::format("{} by {}{}{}\n", ToString(row.what), ToString(row.by),
                        row.who.empty() ? "" : " ", row.who);
  }
  return text;
}

void HealCrash(World& world) {
  world.Break("orders");
  world.Deliver({Firing("Crash", "orders", "crash")});
  world.Run(50s);
  world.Deliver({Resolved(Firing("Crash", "orders", "crash"), 45)});
  world.Run(10min);
  ASSERT_EQ(world.Closed().size(), 1U);
}

TEST(HealerAuditTest, TellsWhoCausedEachChange) {
  World world;
  HealCrash(world);
  auto rows = RowsOf(world);
  ASSERT_FALSE(rows.empty());
  rows.front().who = "healing_webhook";  // And its version.
  const std::string alert =
      AlertKey("alertmanager", Firing("Crash", "orders", "crash").fingerprint);
  EXPECT_EQ(Told(rows),
            "started by restart healing_webhook\n"
            "opened by alert " +
                alert +
                "\n"
                "decision by policy crash: first_rung\n"
                "intent by policy crash: first_rung\n"
                "outcome by executor restart\n"
                "verdict by data crash\n"
                "closed by time\n");
  for (size_t i = 1; i < rows.size(); ++i) EXPECT_EQ(rows[i].incident, world.Closed().front().id);
}

TEST(HealerAuditTest, RepeatsLeaveNoRow) {
  World world;
  HealCrash(world);
  const size_t before = RowsOf(world).size();
  for (int i = 0; i < 20; ++i) {
    world.Deliver({Resolved(Firing("Crash", "orders", "crash"), 45)});
    world.Run(1min);
  }
  EXPECT_EQ(RowsOf(world).size(), before);
}

TEST(HealerAuditTest, AnOrderSaysWhoGaveItAndFromWhere) {
  World world;
  world.Run(1s);
  ASSERT_TRUE(world.Tell({.kind = OrderKind::kPause, .by = "alice", .from = "10.0.0.1"}));
  EXPECT_EQ(RowsOf(world).back().who, "alice at 10.0.0.1");
  ASSERT_TRUE(world.Tell({.kind = OrderKind::kResume, .by = "alice"}));
  EXPECT_EQ(RowsOf(world).back().who, "alice");
}

TEST(HealerAuditTest, AReloadSaysWhichConfiguration) {
  World world;
  world.Run(1s);
  auto config = samples::Config();
  config->sha256 = "5ea1";
  world.Reconfigure(config);
  world.Run(1s);
  const AuditRow last = RowsOf(world).back();
  EXPECT_EQ(last.what, AuditChange::kReloaded);
  EXPECT_EQ(last.text, "from now on configuration sha256:5ea1");
}

TEST(HealerAuditTest, ADeathAnywhereLeavesAWholeTrailThatLeavesNothingOut) {
  World undisturbed;
  HealCrash(undisturbed);
  for (int die_at = 0; die_at < undisturbed.io_calls(); ++die_at) {
    SCOPED_TRACE(die_at);
    World world;
    world.DieAt(die_at);
    HealCrash(world);
    ASSERT_EQ(world.deaths(), 1);
    EXPECT_EQ(VerifyAudit(world.ledger())->broken, "");
    std::map<AuditChange, size_t> count;
    for (const AuditRow& row : RowsOf(world)) ++count[row.what];
    // An intent that was not carried out is told, too, and then another one.
    const size_t intents = world.Closed().front().attempts.size();
    EXPECT_EQ(count[AuditChange::kOpened], 1U);
    EXPECT_EQ(count[AuditChange::kDecision], intents);
    EXPECT_EQ(count[AuditChange::kIntent], intents);
    EXPECT_EQ(count[AuditChange::kOutcome], intents);
    EXPECT_EQ(count[AuditChange::kVerdict], intents);
    EXPECT_EQ(count[AuditChange::kClosed], 1U);
  }
}

}  // namespace
}  // namespace promheal::healing
