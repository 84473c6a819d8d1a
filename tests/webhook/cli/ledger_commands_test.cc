#include <gtest/gtest.h>

#include "tests/support/child_process.h"
#include "tests/support/temp_directory.h"
#include "webhook/ledger/records.h"
#include "webhook/ledger/sqlite/sqlite_ledger.h"

namespace promheal::healing {
namespace {

class LedgerCommandsTest : public testing::Test {
 protected:
  support::Finished Run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {HEALING_WEBHOOK, "ledger"});
    arguments.push_back("--storage.path=" + directory_.path());
    return support::RunToEnd(std::move(arguments));
  }
  std::unique_ptr<SqliteLedger> Open() const { return *SqliteLedger::Open(path()); }
  std::string path() const { return directory_.PathOf("ledger.db"); }

  support::TempDirectory directory_;
};

TEST_F(LedgerCommandsTest, CheckCountsWhatIsThereAlsoWhileAHealerRuns) {
  const auto ledger = Open();
  ASSERT_TRUE(ledger->Commit({{}, {{"open/a", Encode(Incident{})}}}));
  const support::Finished done = Run({"check"});
  EXPECT_EQ(done.status, 0);
  EXPECT_EQ(
      done.output,
      path() +
          ": schema 2, 0 alert, 0 closed, 0 cooldown, 0 frozen, 1 open, 0 pause, 0 audit rows "
          "whose chain ends with row 0, sha256 " +
          std::string(64, '0') + ": OK\n");
}

TEST_F(LedgerCommandsTest, CheckNamesWhatIsDamagedAndWhatToDo) {
  ASSERT_TRUE(Open()->Commit({{}, {{"open/a", "{"}, {"frozen/b", "[]"}}}));
  const support::Finished done = Run({"check"});
  EXPECT_EQ(done.status, 1);
  EXPECT_NE(done.output.find("open/a: reading an incident: "), std::string::npos) << done.output;
  EXPECT_NE(done.output.find("frozen/b: reading a frozen target: "), std::string::npos);
  EXPECT_NE(done.output.find("DAMAGED: 2 records; nothing has been changed"), std::string::npos);
}

TEST_F(LedgerCommandsTest, CheckMakesNoLedger) {
  EXPECT_EQ(Run({"check"}).status, 1);
  EXPECT_EQ(SqliteLedger::OpenToRead(path()).error().code, ErrorCode::kNotFound);
}

TEST_F(LedgerCommandsTest, MigrateGoesBackForAnEarlierProgram) {
  Open();
  const support::Finished done = Run({"migrate", "--to=1"});
  EXPECT_EQ(done.status, 0);
  EXPECT_EQ(done.output, path() + ": schema 2 -> 1\n");
  EXPECT_EQ(Run({"migrate"}).output, path() + ": schema 1 -> 2\n");
  EXPECT_EQ(Run({"migrate", "--to=0"}).status, 1);
  EXPECT_EQ(Run({"migrate", "--to=x"}).status, 1);
}

TEST_F(LedgerCommandsTest, ExportPrintsEveryRecordEvenADamagedOne) {
  ASSERT_TRUE(Open()->Commit({{}, {{"open/a", "{"}, {"frozen/b", "{\"until\":1}"}}}));
  EXPECT_EQ(Run({"export"}).output,
            "{\"key\":\"frozen/b\",\"revision\":1,\"value\":{\"until\":1}}\n"
            "{\"damaged\":\"{\",\"key\":\"open/a\",\"revision\":1}\n");
}

TEST_F(LedgerCommandsTest, SaysWhatItCanDo) {
  const support::Finished done = Run({"shrink"});
  EXPECT_EQ(done.status, 1);
  EXPECT_NE(done.output.find("check|migrate|export"), std::string::npos);
}

}  // namespace
}  // namespace promheal::healing
