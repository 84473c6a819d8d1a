#include "webhook/cli/audit_command.h"

#include <gtest/gtest.h>

#include "tests/support/child_process.h"
#include "tests/support/temp_directory.h"
#include "webhook/ledger/audit_trail.h"
#include "webhook/ledger/sqlite/sqlite_ledger.h"

namespace promheal::healing {
namespace {

class AuditCommandTest : public testing::Test {
 protected:
  support::Finished Run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {HEALING_WEBHOOK, "audit"});
    arguments.push_back("--storage.path=" + directory_.path());
    return support::RunToEnd(std::move(arguments));
  }
  void Append(const char* time, const char* incident, const char* text) const {
    const auto ledger = *SqliteLedger::Open(directory_.PathOf("ledger.db"));
    auto trail = *AuditTrail::Load(*ledger);
    trail.Add({.time = *ParseRfc3339(time),
               .by = AuditCause::kAlert,
               .who = "alertmanager/5f3a from alice at 10.0.0.1",
               .what = AuditChange::kOpened,
               .incident = incident,
               .target = "orders",
               .text = text});
    LedgerTransaction transaction;
    trail.AddTo(transaction);
    ASSERT_TRUE(ledger->Commit(transaction));
  }
  support::TempDirectory directory_;
};

TEST_F(AuditCommandTest, PrintsATable) {
  Append("2026-11-21T21:53:27Z", "orders-1", "alert Crash\x1b[31m fires");
  const support::Finished done = Run({});
  EXPECT_EQ(done.status, 0);
  EXPECT_EQ(done.output,
            "ROW  TIME (UTC)           WHAT    TARGET  BY     WHO                                 "
            "      IN WORDS\n"
            "1    2026-11-21 21:53:27  opened  orders  alert  alertmanager/5f3a from alice at "
            "10.0.0.1  alert Crash?[31m fires\n");
}

TEST_F(AuditCommandTest, PrintsWhatIsAskedFor) {
  Append("2026-11-21T21:00:00Z", "orders-1", "first");
  Append("2026-11-21T22:00:00Z", "orders-2", "second");
  const auto told = [this](std::vector<std::string> arguments) {
    const std::string output = Run(std::move(arguments)).output;
    return std::string(output.find("first") != std::string::npos ? "1" : "") +
           (output.find("second") != std::string::npos ? "2" : "");
  };
  EXPECT_EQ(told({}), "12");
  EXPECT_EQ(told({"--incident=orders-1"}), "1");
  EXPECT_EQ(told({"--since=2026-11-21T21:30:00Z"}), "2");
  EXPECT_EQ(told({"--json", "--incident=orders-2"}), "2");
  EXPECT_EQ(Run({"--json"}).output.find("{\"hash\":\""), 0U);
  EXPECT_EQ(Run({"--since=yesterday"}).status, 1);
}

TEST_F(AuditCommandTest, SaysThatTheTrailIsBroken) {
  Append("2026-11-21T21:00:00Z", "orders-1", "first");
  {
    const auto ledger = *SqliteLedger::Open(directory_.PathOf("ledger.db"));
    ASSERT_TRUE(ledger->Commit({{}, {{std::string(kAuditHeadKey), Encode(AuditPoint{9, "x"})}}}));
  }
  const support::Finished done = Run({});
  EXPECT_EQ(done.status, 1);
  EXPECT_NE(done.output.find("the audit trail is broken"), std::string::npos) << done.output;
}

}  // namespace
}  // namespace promheal::healing
