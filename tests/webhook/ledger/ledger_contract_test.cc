#include <gtest/gtest.h>

#include <memory>

#include "tests/support/temp_directory.h"
#include "webhook/ledger/memory/memory_ledger.h"
#include "webhook/ledger/sqlite/sqlite_ledger.h"

namespace promheal::healing {
namespace {

// Every ledger keeps the same promises.
class LedgerContractTest : public testing::TestWithParam<bool> {
 protected:
  LedgerContractTest() {
    if (GetParam()) {
      ledger_ = std::move(*SqliteLedger::Open(directory_.PathOf("ledger.db")));
    } else {
      ledger_ = std::make_unique<MemoryLedger>(file_);
    }
  }
  std::string ValueOf(const std::string& key) {
    const auto entry = ledger_->Get(key);
    return *entry ? (*entry)->value : "(none)";
  }
  std::vector<std::string> Keys(const std::string& prefix, size_t limit = 0,
                                bool descending = false) {
    std::vector<std::string> keys;
    const auto entries = ledger_->List(prefix, limit, descending);
    for (const LedgerEntry& entry : *entries) {
      keys.push_back(entry.key);
    }
    return keys;
  }

  support::TempDirectory directory_;
  LedgerFile file_;
  std::unique_ptr<Ledger> ledger_;
};

TEST_P(LedgerContractTest, ReadsBackWhatItWrote) {
  const std::string odd = std::string("a\0b\"'; DROP TABLE entries; \xff", 29);
  ASSERT_TRUE(ledger_->Commit({{}, {{"a", "1"}, {odd, odd}}}));
  EXPECT_EQ(ValueOf("a"), "1");
  EXPECT_EQ(ValueOf(odd), odd);
  EXPECT_EQ(ValueOf("b"), "(none)");
}

TEST_P(LedgerContractTest, RevisionsGrowWithEveryTransaction) {
  const Revision first = *ledger_->Commit({{}, {{"a", "1"}, {"b", "1"}}});
  const Revision second = *ledger_->Commit({{}, {{"a", "2"}}});
  EXPECT_GT(second, first);
  EXPECT_EQ((*ledger_->Get("a"))->revision, second);
  EXPECT_EQ((*ledger_->Get("b"))->revision, first);
}

TEST_P(LedgerContractTest, CreatesOnlyWhereThereIsNone) {
  EXPECT_TRUE(ledger_->Commit({{{"a", 0}}, {{"a", "mine"}}}));
  const auto refused = ledger_->Commit({{{"a", 0}}, {{"a", "theirs"}}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(ValueOf("a"), "mine");
}

TEST_P(LedgerContractTest, WritesAllOrNothing) {
  const Revision revision = *ledger_->Commit({{}, {{"a", "1"}}});
  ASSERT_TRUE(ledger_->Commit({{{"a", revision}}, {{"a", "2"}}}));
  ASSERT_FALSE(ledger_->Commit({{{"b", 0}, {"a", revision}}, {{"b", "1"}, {"a", "3"}}}));
  EXPECT_EQ(ValueOf("a"), "2");
  EXPECT_EQ(ValueOf("b"), "(none)");
  EXPECT_TRUE(ledger_->Commit({{}, {{"b", "1"}}})) << "and goes on";
}

TEST_P(LedgerContractTest, Deletes) {
  ASSERT_TRUE(ledger_->Commit({{}, {{"a", "1"}}}));
  ASSERT_TRUE(ledger_->Commit({{}, {{"a", std::nullopt}, {"none", std::nullopt}}}));
  EXPECT_EQ(ValueOf("a"), "(none)");
  EXPECT_TRUE(ledger_->Commit({{{"a", 0}}, {{"a", "2"}}}));
}

TEST_P(LedgerContractTest, ListsByPrefixInOrder) {
  ASSERT_TRUE(ledger_->Commit(
      {{}, {{"open/b", ""}, {"open/a", ""}, {"open", ""}, {"open0", ""}, {"opem/z", ""}}}));
  EXPECT_EQ(Keys("open/"), (std::vector<std::string>{"open/a", "open/b"}));
  EXPECT_EQ(Keys("open/", 1), (std::vector<std::string>{"open/a"}));
  EXPECT_EQ(Keys("open/", 1, true), (std::vector<std::string>{"open/b"}));
  EXPECT_EQ(Keys("").size(), 5U);
  EXPECT_TRUE(Keys("x").empty());
}

TEST_P(LedgerContractTest, ListsInPortions) {
  ASSERT_TRUE(ledger_->Commit({{}, {{"a", ""}, {"b/1", ""}, {"b/2", ""}, {"b/3", ""}, {"c", ""}}}));
  const auto after = [this](const std::string& key, size_t limit) {
    std::string keys;
    const auto entries = ledger_->ListAfter("b/", key, limit);
    for (const LedgerEntry& entry : *entries) keys += entry.key + " ";
    return keys;
  };
  EXPECT_EQ(after("", 2), "b/1 b/2 ");
  EXPECT_EQ(after("b/2", 2), "b/3 ");
  EXPECT_EQ(after("b/11", 0), "b/2 b/3 ") << "the key itself need not be there";
  EXPECT_EQ(after("b/3", 2), "");
}

INSTANTIATE_TEST_SUITE_P(AllLedgers, LedgerContractTest, testing::Bool(),
                         [](const auto& one) { return one.param ? "Sqlite" : "Memory"; });

}  // namespace
}  // namespace promheal::healing
