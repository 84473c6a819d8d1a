#include "webhook/ledger/sqlite/schema.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "webhook/ledger/sqlite/statement.h"

namespace promheal::healing {
namespace {

class SchemaTest : public testing::Test {
 protected:
  SchemaTest() {
    sqlite3* raw = nullptr;
    sqlite3_open(":memory:", &raw);
    database_.reset(raw);
  }
  Status Execute(const std::string& sql) { return ExecuteSql(database_.get(), sql.c_str()); }
  int Version() { return SchemaVersion(database_.get()).value_or(-1); }
  std::string Tables() {
    return *QueryText(database_.get(),
                      "SELECT group_concat(type || ' ' || name || ' ' || coalesce(sql, ''), '\n') "
                      "FROM (SELECT * FROM sqlite_master ORDER BY type, name)");
  }
  std::string Entries() {
    return *QueryText(database_.get(),
                      "SELECT group_concat(key || '=' || value) FROM entries ORDER BY key");
  }

  struct Close {
    void operator()(sqlite3* database) const { sqlite3_close(database); }
  };
  std::unique_ptr<sqlite3, Close> database_;
};

TEST_F(SchemaTest, ANewLedgerHasTheNewestVersion) {
  ASSERT_TRUE(CreateSchema(database_.get()));
  EXPECT_EQ(Version(), kNewestSchema);
}

TEST_F(SchemaTest, EveryMigrationGoesUpAndComesBackAndLosesNothing) {
  ASSERT_TRUE(CreateSchema(database_.get()));
  ASSERT_TRUE(Execute("INSERT INTO entries VALUES ('open/a', '1', 1), ('audit/1', '2', 1)"));
  const std::string newest = Tables();
  std::string shapes[kNewestSchema + 1];
  for (int version = kNewestSchema - 1; version >= 1; --version) {
    ASSERT_TRUE(MigrateSchema(database_.get(), version)) << version;
    EXPECT_EQ(Version(), version);
    shapes[version] = Tables();
    EXPECT_NE(shapes[version], newest);
  }
  for (int version = 2; version < kNewestSchema; ++version) {
    ASSERT_TRUE(MigrateSchema(database_.get(), version));
    EXPECT_EQ(Tables(), shapes[version]);
  }
  ASSERT_TRUE(MigrateSchema(database_.get(), kNewestSchema));
  EXPECT_EQ(Tables(), newest);
  EXPECT_EQ(Entries(), "audit/1=2,open/a=1");
}

TEST_F(SchemaTest, AMigrationThatFailsChangesNothing) {
  ASSERT_TRUE(CreateSchema(database_.get()));
  ASSERT_TRUE(Execute("DROP TRIGGER audit_rows_go_in_order"));
  const std::string before = Tables();
  const Status failed = MigrateSchema(database_.get(), 1);
  ASSERT_FALSE(failed);
  EXPECT_NE(failed.error().message.find("from version 2 to 1"), std::string::npos);
  EXPECT_EQ(Tables(), before);
  EXPECT_EQ(Version(), 2);
}

TEST_F(SchemaTest, RefusesALaterVersionAndSaysWhoCanHelp) {
  ASSERT_TRUE(CreateSchema(database_.get()));
  ASSERT_TRUE(Execute("PRAGMA user_version = 99"));
  const auto version = SchemaVersion(database_.get());
  ASSERT_FALSE(version);
  EXPECT_EQ(version.error().code, ErrorCode::kFailedPrecondition);
  EXPECT_NE(version.error().message.find("ledger migrate --to=2"), std::string::npos);
}

TEST_F(SchemaTest, ThereAreNoOtherVersions) {
  ASSERT_TRUE(CreateSchema(database_.get()));
  for (const int version : {-1, 0, kNewestSchema + 1}) {
    const Status status = MigrateSchema(database_.get(), version);
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, ErrorCode::kInvalidArgument);
  }
}

TEST_F(SchemaTest, NobodyChangesARowOfTheAuditTrail) {
  ASSERT_TRUE(CreateSchema(database_.get()));
  ASSERT_TRUE(Execute("INSERT INTO entries VALUES ('audit/1', '1', 1), ('audit/2', '2', 1)"));
  EXPECT_FALSE(Execute("UPDATE entries SET value = 'x' WHERE key = 'audit/1'"));
  EXPECT_FALSE(Execute("DELETE FROM entries WHERE key = 'audit/1'"));
  ASSERT_TRUE(
      Execute("INSERT INTO entries VALUES ('audit_anchor', '{\"through\":\"audit/1\"}', 2)"));
  EXPECT_TRUE(Execute("DELETE FROM entries WHERE key = 'audit/1'")) << "the anchor has passed it";
  EXPECT_FALSE(Execute("DELETE FROM entries WHERE key = 'audit/2'"));
}

}  // namespace
}  // namespace promheal::healing
