#include "webhook/ledger/audit_trail.h"

#include <gtest/gtest.h>

#include "common/io/sha256.h"
#include "tests/support/temp_directory.h"
#include "tests/webhook/core/samples.h"
#include "webhook/ledger/memory/memory_ledger.h"
#include "webhook/ledger/sqlite/sqlite_ledger.h"

namespace promheal::healing {
namespace {

using samples::At;

AuditRow Row(int seconds, std::string text = "closed as healed") {
  return {.time = At(seconds),
          .by = AuditCause::kPolicy,
          .who = "crash: \"first_rung\"",
          .what = AuditChange::kClosed,
          .incident = "orders-1",
          .target = "orders",
          .text = std::move(text)};
}

// Rows at these seconds, each in a transaction of its own.
void Append(Ledger& ledger, const std::vector<int>& seconds) {
  auto trail = *AuditTrail::Load(ledger);
  for (const int second : seconds) {
    trail.Add(Row(second));
    LedgerTransaction transaction;
    trail.AddTo(transaction);
    trail.Committed(ledger.Commit(transaction).value());
  }
}

class AuditTrailTest : public testing::Test {
 protected:
  std::string Broken(size_t last = 0) {
    const auto report = VerifyAudit(ledger_, last);
    return report ? report->broken : report.error().message;
  }
  // Somebody who can write the file.
  std::string& ValueAt(uint64_t sequence) { return file_.entries.at(AuditKey(sequence)).value; }

  LedgerFile file_;
  MemoryLedger ledger_{file_};
};

TEST(AuditRowTest, ReadsBackAsWritten) {
  AuditRow row = Row(1, "caf\u00e9 \"x\" \n \\");
  row.sequence = 7;
  const std::string json = EncodeAfter(std::string(64, '0'), row);
  EXPECT_EQ(DecodeAuditRow(json), row);
  EXPECT_EQ(json.find("{\"hash\":\"" + row.hash + "\",\"by\":\"policy\""), 0U) << json;
}

// What an auditor would do with a few lines of script.
TEST(AuditRowTest, TheHashIsThatOfTheHashBeforeAndTheRestOfTheRow) {
  const std::string before(64, 'a');
  AuditRow row = Row(1);
  std::string json = EncodeAfter(before, row);
  EXPECT_TRUE(Follows(before, json));
  EXPECT_FALSE(Follows(std::string(64, 'b'), json));
  json.erase(1, std::string("\"hash\":\"\",").size() + 64);
  EXPECT_EQ(Sha256Hex(before + json), row.hash);
}

TEST_F(AuditTrailTest, GrowsByOneRowAChange) {
  EXPECT_EQ(VerifyAudit(ledger_)->rows, 0U);
  Append(ledger_, {1, 2, 3});
  Append(ledger_, {4});  // A later healer.
  const auto report = VerifyAudit(ledger_);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->broken, "");
  EXPECT_EQ(report->rows, 4U);
  EXPECT_EQ(report->head.sequence, 4U);
  EXPECT_EQ(DecodeAuditRow(ValueAt(4))->hash, report->head.hash);
}

TEST_F(AuditTrailTest, NamesTheFirstRowThatWasTamperedWith) {
  Append(ledger_, {1, 2, 3, 4, 5});
  const auto whole = file_.entries;
  ValueAt(3).replace(ValueAt(3).find("healed"), 6, "shadow");
  EXPECT_EQ(Broken().find("audit/0000000000000003 was changed"), 0U) << Broken();
  EXPECT_EQ(Broken(2), "") << "which a look at the last two rows cannot see";
  file_.entries = whole;
  ValueAt(4) = "{}";
  EXPECT_EQ(Broken(2).find("audit/0000000000000004 was changed"), 0U);
  file_.entries = whole;
  file_.entries.erase(AuditKey(2));
  EXPECT_EQ(Broken(), "audit/0000000000000002 is missing");
  file_.entries = whole;
  file_.entries.erase(AuditKey(5));
  EXPECT_NE(Broken().find("rows at its end are missing"), std::string::npos) << Broken();
}

TEST_F(AuditTrailTest, ARowThatIsHashedAnewBreaksTheNextOne) {
  Append(ledger_, {1, 2, 3});
  AuditRow forged = *DecodeAuditRow(ValueAt(2));
  forged.who = "nobody";
  ValueAt(2) = EncodeAfter(DecodeAuditRow(ValueAt(1))->hash, forged);
  EXPECT_EQ(Broken().find("audit/0000000000000003 was changed, or a row before it"), 0U);
}

TEST_F(AuditTrailTest, RefusesToAppendWhereSomebodyElseHas) {
  auto first = *AuditTrail::Load(ledger_);
  Append(ledger_, {1});
  first.Add(Row(2));
  LedgerTransaction transaction;
  first.AddTo(transaction);
  EXPECT_EQ(ledger_.Commit(transaction).error().code, ErrorCode::kFailedPrecondition);
}

class AuditRetentionTest : public testing::TestWithParam<bool> {
 protected:
  AuditRetentionTest() {
    if (GetParam()) {
      ledger_ = std::move(*SqliteLedger::Open(directory_.PathOf("ledger.db")));
    } else {
      ledger_ = std::make_unique<MemoryLedger>(file_);
    }
  }
  support::TempDirectory directory_;
  LedgerFile file_;
  std::unique_ptr<Ledger> ledger_;
};

TEST_P(AuditRetentionTest, DeletesOldRowsAndTheRestCanStillBeFollowed) {
  Append(*ledger_, {1, 2, 3, 4, 5});
  EXPECT_EQ(PruneAudit(*ledger_, At(3), 1), 1U) << "in portions";
  EXPECT_EQ(PruneAudit(*ledger_, At(3), 10), 1U);
  EXPECT_EQ(PruneAudit(*ledger_, At(3), 10), 0U);
  const auto report = VerifyAudit(*ledger_);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->broken, "");
  EXPECT_EQ(report->rows, 3U);
  EXPECT_EQ(PruneAudit(*ledger_, At(60), 10), 2U) << "the last row stays";
  Append(*ledger_, {6});
  EXPECT_EQ(VerifyAudit(*ledger_)->broken, "");
  EXPECT_EQ(VerifyAudit(*ledger_)->head.sequence, 6U);
  EXPECT_EQ(VerifyAudit(*ledger_, 1)->rows, 1U);
}

INSTANTIATE_TEST_SUITE_P(AllLedgers, AuditRetentionTest, testing::Bool(),
                         [](const auto& one) { return one.param ? "Sqlite" : "Memory"; });

}  // namespace
}  // namespace promheal::healing
