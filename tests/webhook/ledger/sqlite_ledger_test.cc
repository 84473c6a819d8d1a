#include "webhook/ledger/sqlite/sqlite_ledger.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <string>

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
  EXPECT_GE(count, told) << "what was told is there";
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
  EXPECT_EQ(ledger.error().code, ErrorCode::kDataLoss) << ledger.error().message;
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
