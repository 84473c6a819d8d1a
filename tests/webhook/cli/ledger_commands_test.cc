#include <fmt/core.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

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
  // A page of the file that holds records, or points to pages that do.
  void DamageInTheMiddle() const {
    LedgerTransaction transaction;
    for (int i = 0; i < 1000; ++i) {
      transaction.writes.push_back({fmt::format("open/{:04}", i), Encode(Incident{})});
    }
    ASSERT_TRUE(Open()->Commit(transaction));
    std::fstream file(path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(20 * kPage);
    file << std::string(kPage, 'x');
  }
  static constexpr int kPage = 4096;

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

TEST_F(LedgerCommandsTest, CheckOfADamagedFileSaysAllThatIsWrongAndTheVerdict) {
  DamageInTheMiddle();
  const support::Finished done = Run({"check"});
  EXPECT_EQ(done.status, 1);
  EXPECT_NE(done.output.find("the file is damaged: "), std::string::npos) << done.output;
  EXPECT_NE(done.output.find(path() + ": schema 2: DAMAGED: the file, records that cannot be read, "
                                      "the audit trail; nothing has been changed"),
            std::string::npos)
      << done.output;
  EXPECT_NE(done.output.find("ledger export --storage.path=" + directory_.path() + "`"),
            std::string::npos)
      << done.output;
}

TEST_F(LedgerCommandsTest, ADamagedFileIsNotMigrated) {
  DamageInTheMiddle();
  const support::Finished done = Run({"migrate", "--to=1"});
  EXPECT_EQ(done.status, 1);
  EXPECT_NE(done.output.find("the file is damaged: "), std::string::npos) << done.output;
  EXPECT_EQ((*SqliteLedger::OpenToRead(path()))->schema_version(), 2);
}

TEST_F(LedgerCommandsTest, ACopyWhereNothingCanBeWrittenIsRead) {
  ASSERT_TRUE(Open()->Commit({{}, {{"open/a", Encode(Incident{})}}}));
  ASSERT_EQ(chmod(path().c_str(), 0444), 0);
  ASSERT_EQ(chmod(directory_.path().c_str(), 0555), 0);
  constexpr uid_t kNobody = 65534;
  std::vector<std::string> as_nobody = {HEALING_WEBHOOK, "ledger", "check",
                                        "--storage.path=" + directory_.path()};
  if (geteuid() == 0) {  // Who may write anywhere.
    as_nobody.insert(as_nobody.begin(),
                     {"setpriv", "--reuid=" + std::to_string(kNobody), "--clear-groups", "--"});
  }
  const support::Finished done = support::RunToEnd(as_nobody);
  EXPECT_EQ(done.status, 0) << done.output;
  EXPECT_NE(done.output.find("1 open"), std::string::npos) << done.output;
  ASSERT_EQ(chmod(directory_.path().c_str(), 0755), 0);
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
  EXPECT_NE(Run({"migrate", "--to=99999999999"}).output.find("is not a version"),
            std::string::npos);
}

TEST_F(LedgerCommandsTest, ExportPrintsEveryRecordEvenADamagedOne) {
  ASSERT_TRUE(Open()->Commit({{}, {{"open/a", "{"}, {"frozen/b", "{\"until\":1}"}}}));
  EXPECT_EQ(Run({"export"}).output,
            "{\"key\":\"frozen/b\",\"revision\":1,\"value\":{\"until\":1}}\n"
            "{\"damaged\":\"{\",\"key\":\"open/a\",\"revision\":1}\n");
}

TEST_F(LedgerCommandsTest, ExportSavesWhatLiesOnBothSidesOfADamage) {
  DamageInTheMiddle();
  const support::Finished done = Run({"export"});
  EXPECT_EQ(done.status, 1);
  EXPECT_NE(done.output.find("\"open/0000\""), std::string::npos);
  EXPECT_NE(done.output.find("\"open/0999\""), std::string::npos);
  EXPECT_NE(done.output.find("the entries between open/"), std::string::npos) << done.output;
  const auto lines = std::count(done.output.begin(), done.output.end(), '\n');
  EXPECT_GT(lines, 500) << "a page points to a few others";
  EXPECT_LT(lines, 1000);
}

TEST_F(LedgerCommandsTest, OutputThatCannotBeWrittenIsAnError) {
  ASSERT_TRUE(Open()->Commit({{}, {{"open/a", Encode(Incident{})}}}));
  const support::Finished done =
      support::RunToEnd({"/bin/sh", "-c",
                         fmt::format("exec '{}' ledger export --storage.path='{}' > /dev/full",
                                     HEALING_WEBHOOK, directory_.path())});
  EXPECT_EQ(done.status, 1);
  EXPECT_EQ(done.output, "not all of the output could be written\n");
}

TEST_F(LedgerCommandsTest, SaysWhatItCanDo) {
  const support::Finished done = Run({"shrink"});
  EXPECT_EQ(done.status, 1);
  EXPECT_NE(done.output.find("check|migrate|export"), std::string::npos);
}

}  // namespace
}  // namespace promheal::healing
