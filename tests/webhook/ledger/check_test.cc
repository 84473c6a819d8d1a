#include "webhook/ledger/check.h"

#include <gtest/gtest.h>

#include "tests/webhook/core/samples.h"
#include "webhook/ledger/memory/memory_ledger.h"
#include "webhook/ledger/records.h"

namespace promheal::healing {
namespace {

class LedgerCheckTest : public testing::Test {
 protected:
  void Put(const std::string& key, const std::string& value) {
    ASSERT_TRUE(ledger_.Commit({{}, {{key, value}}}));
  }
  LedgerFile file_;
  MemoryLedger ledger_{file_};
};

TEST_F(LedgerCheckTest, CountsWhatIsWhole) {
  Put("alert/a", Encode(samples::RecordOf(samples::Firing("Crash", "orders", "crash"))));
  for (int i = 0; i < 1201; ++i) Put("closed/" + std::to_string(i), Encode(Incident{}));
  const auto report = CheckRecords(ledger_);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->records.at("alert"), 1U);
  EXPECT_EQ(report->records.at("closed"), 1201U);
  EXPECT_EQ(report->records.at("frozen"), 0U);
  EXPECT_TRUE(VerdictOf(*report));
}

TEST_F(LedgerCheckTest, NamesEveryKindOfRecordThatIsDamaged) {
  for (const char* key : {"alert/a", "closed/b", "cooldown/c", "frozen/d", "open/e", "pause/all"}) {
    Put(key, "{\"id\":1");
  }
  const auto report = CheckRecords(ledger_);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->damaged, 6U);
  const Status verdict = VerdictOf(*report);
  ASSERT_FALSE(verdict);
  EXPECT_EQ(verdict.error().code, ErrorCode::kDataLoss);
  EXPECT_EQ(verdict.error().message.find("a record is damaged: alert/a: reading an alert: "), 0U)
      << verdict.error().message;
  EXPECT_NE(verdict.error().message.find("(and 5 more)"), std::string::npos);
}

}  // namespace
}  // namespace promheal::healing
