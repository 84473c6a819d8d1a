#include "webhook/ledger/sqlite/sqlite_ledger.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "common/io/file.h"
#include "tests/support/temp_directory.h"

namespace promheal::healing {
namespace {

class SqliteLedgerTest : public testing::Test {
 protected:
  std::string path() const { return directory_.PathOf("ledger.db"); }
  std::unique_ptr<SqliteLedger> Open() const {
    auto ledger = SqliteLedger::Open(path());
    EXPECT_TRUE(ledger) << ledger.error().message;
    return ledger ? std::move(*ledger) : nullptr;
  }
  support::TempDirectory directory_;
};

TEST_F(SqliteLedgerTest, KeepsWhatACommitReturnedThroughAKill) {
  std::array<int, 2> pipe_ends{};
  ASSERT_EQ(pipe(pipe_ends.data()), 0);
  const pid_t child = fork();
  if (child == 0) {
    // Commit for ever, and say so after each.
    auto ledger = SqliteLedger::Open(path());
    for (int i = 1; ledger; ++i) {
      const std::string text = std::to_string(i);
      if (!(*ledger)->Commit({{}, {{"count", text}, {"key/" + text, text}}})) _exit(1);
      if (write(pipe_ends[1], "x", 1) != 1) _exit(1);
    }
    _exit(1);
  }
  char byte = 0;
  int told = 0;
  while (told < 50 && read(pipe_ends[0], &byte, 1) == 1) ++told;
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  close(pipe_ends[1]);
  while (read(pipe_ends[0], &byte, 1) == 1) ++told;
  close(pipe_ends[0]);

  const auto ledger = Open();
  const int count = std::stoi((*ledger->Get("count"))->value);
  EXPECT_GE(count, told) << "every confirmed commit is there";
  EXPECT_LE(count, told + 1);
  EXPECT_EQ(ledger->List("key/", 0, false)->size(), static_cast<size_t>(count))
      << "nothing by halves";
}

TEST_F(SqliteLedgerTest, BelongsToOneProcess) {
  const auto first = Open();
  const auto second = SqliteLedger::Open(path());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kFailedPrecondition);
  EXPECT_NE(second.error().message.find("held by another process"), std::string::npos);
}

TEST_F(SqliteLedgerTest, ComesBackAfterClosing) {
  Open()->Commit({{}, {{"a", "1"}}}).value();
  EXPECT_EQ((*Open()->Get("a"))->value, "1");
}

TEST_F(SqliteLedgerTest, RefusesWhatIsNoLedgerAndLeavesItAlone) {
  const std::string text(4096, 'x');
  std::ofstream(path()) << text;
  const auto ledger = SqliteLedger::Open(path());
  ASSERT_FALSE(ledger);
  EXPECT_EQ(ledger.error().code, ErrorCode::kDataLoss) << ledger.error().message;
  std::ifstream file(path());
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), text);
}

TEST_F(SqliteLedgerTest, RefusesADamagedLedger) {
  {
    const auto ledger = Open();
    for (int i = 0; i < 200; ++i) {
      ledger->Commit({{}, {{"key/" + std::to_string(i), std::string(200, 'v')}}}).value();
    }
  }
  std::fstream file(path(), std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(2 * 4096);
  file << std::string(2000, '\x55');
  file.close();
  const auto ledger = SqliteLedger::Open(path());
  ASSERT_FALSE(ledger);
  const std::string& message = ledger.error().message;
  EXPECT_EQ(ledger.error().code, ErrorCode::kDataLoss) << message;
  EXPECT_NE(message.find("nothing has been changed"), std::string::npos) << message;
  EXPECT_NE(message.find("ledger check"), std::string::npos) << message;
  EXPECT_EQ(message.find('\n'), std::string::npos);
}

TEST_F(SqliteLedgerTest, SendsNobodyToCommandsThatCannotReadTheFileEither) {
  std::ofstream(path()) << std::string(4096, 'x');
  for (const auto& error :
       {SqliteLedger::Open(path()).error(), SqliteLedger::OpenToRead(path()).error()}) {
    EXPECT_NE(error.message.find("nothing has been changed; put a copy back"), std::string::npos)
        << error.message;
  }
}

TEST_F(SqliteLedgerTest, SaysThatADirectoryIsNoFile) {
  ASSERT_EQ(mkdir(path().c_str(), 0700), 0);
  for (const auto& error :
       {SqliteLedger::Open(path()).error(), SqliteLedger::OpenToRead(path()).error()}) {
    EXPECT_NE(error.message.find(path() + " is not a file"), std::string::npos) << error.message;
  }
}

TEST_F(SqliteLedgerTest, LeavesAFileOfAnotherProgramAsItIs) {
  sqlite3* raw = nullptr;
  ASSERT_EQ(sqlite3_open(path().c_str(), &raw), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(raw, "CREATE TABLE theirs (x)", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(raw);
  ASSERT_EQ(chmod(path().c_str(), 0644), 0);
  const auto before = ReadFile(path());
  const auto ledger = SqliteLedger::Open(path());
  ASSERT_FALSE(ledger);
  EXPECT_NE(ledger.error().message.find("is not a ledger"), std::string::npos);
  EXPECT_EQ(ReadFile(path()), before);
  struct stat found {};
  ASSERT_EQ(stat(path().c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0644U);
}

// Both are the remains of a ledger: a new ledger in their place would forget actions in flight.
TEST_F(SqliteLedgerTest, NeverPutsANewLedgerInPlaceOfOneThatWasLost) {
  directory_.Write("ledger.db", "");
  EXPECT_EQ(SqliteLedger::Open(path()).error().code, ErrorCode::kDataLoss) << "empty";
  ASSERT_EQ(unlink(path().c_str()), 0);
  directory_.Write("ledger.db-wal", "commits");
  EXPECT_EQ(SqliteLedger::Open(path()).error().code, ErrorCode::kDataLoss) << "only its log";
}

TEST_F(SqliteLedgerTest, OnlyTheProgramsUserCanReadIt) {
  const auto modes = [this] {
    std::string text;
    for (const char* name : {"ledger.db", "ledger.db-wal", "ledger.db-shm", "ledger.db.lock"}) {
      struct stat found {};
      EXPECT_EQ(stat(directory_.PathOf(name).c_str(), &found), 0) << name;
      text += found.st_mode & 077 ? "open " : "private ";
    }
    return text;
  };
  ASSERT_EQ(chmod(directory_.path().c_str(), 0755), 0);
  const mode_t before = umask(0022);
  auto ledger = Open();
  ASSERT_TRUE(ledger->Commit({{}, {{"a", "1"}}}));
  umask(before);
  EXPECT_EQ(modes(), "private private private private ");
  ledger.reset();
  ASSERT_EQ(chmod(path().c_str(), 0644), 0);  // As an earlier version left it.
  ledger = Open();
  ASSERT_TRUE(ledger->Commit({{}, {{"a", "2"}}}));
  EXPECT_EQ(modes(), "private private private private ");
}

TEST_F(SqliteLedgerTest, IsReadWhileAHealerWrites) {
  EXPECT_EQ(SqliteLedger::OpenToRead(path()).error().code, ErrorCode::kNotFound);
  const auto ledger = Open();
  ASSERT_TRUE(ledger->Commit({{}, {{"a", "1"}}}));
  const auto reader = SqliteLedger::OpenToRead(path());
  ASSERT_TRUE(reader) << reader.error().message;
  ASSERT_TRUE(ledger->Commit({{}, {{"a", "2"}}}));
  EXPECT_EQ((*(*reader)->Get("a"))->value, "2");
  EXPECT_TRUE((*reader)->Check());
  EXPECT_EQ((*reader)->Commit({{}, {{"a", "3"}}}).error().code, ErrorCode::kFailedPrecondition);
}

TEST_F(SqliteLedgerTest, GoesBackToAnEarlierSchemaAndUpAgain) {
  ASSERT_TRUE(Open()->Commit({{}, {{"a", "1"}}}));
  EXPECT_EQ(SqliteLedger::Migrate(path(), 1), 2);
  EXPECT_EQ((*SqliteLedger::OpenToRead(path()))->schema_version(), 1);
  const auto ledger = Open();
  EXPECT_EQ(ledger->schema_version(), 2) << "opening brings it to the newest";
  EXPECT_EQ((*ledger->Get("a"))->value, "1");
  EXPECT_EQ(SqliteLedger::Migrate(path(), 1).error().code, ErrorCode::kFailedPrecondition)
      << "a healer runs";
}

TEST_F(SqliteLedgerTest, SaysWhereTheDirectoryIsMissing) {
  const auto ledger = SqliteLedger::Open(directory_.PathOf("none/ledger.db"));
  ASSERT_FALSE(ledger);
  EXPECT_EQ(ledger.error().code, ErrorCode::kUnavailable);
}

TEST_F(SqliteLedgerTest, AFullDiskIsUnavailableAndPasses) {
  const auto ledger = Open();
  ledger->Commit({{}, {{"a", "1"}}}).value();
  // A limit on file size stands for the full disk.
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  signal(SIGXFSZ, SIG_IGN);
  const rlimit small{.rlim_cur = 64 * 1024, .rlim_max = before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  const auto refused = ledger->Commit({{}, {{"big", std::string(1 << 20, 'v')}}});
  setrlimit(RLIMIT_FSIZE, &before);
  signal(SIGXFSZ, SIG_DFL);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable) << refused.error().message;
  EXPECT_FALSE(*ledger->Get("big"));
  EXPECT_TRUE(ledger->Commit({{}, {{"a", "2"}}})) << "with room again it goes on";
}

}  // namespace
}  // namespace promheal::healing
