#include "webhook/ledger/sqlite/schema.h"

#include <fmt/core.h>

#include <algorithm>
#include <string>

#include "webhook/ledger/sqlite/statement.h"

namespace promheal::healing {

const std::array<Migration, kNewestSchema> kMigrations = {{
    // 1: entries with revisions.
    {.up = "CREATE TABLE entries ("
           "  key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL, revision INTEGER NOT NULL"
           ") WITHOUT ROWID;"
           "CREATE TABLE head (id INTEGER PRIMARY KEY CHECK (id = 0), revision INTEGER NOT NULL);"
           "INSERT INTO head VALUES (0, 0);",
     .down = nullptr},
    // 2: rows of the audit trail never change, and are deleted only up to the anchor.
    {.up = "CREATE TRIGGER audit_rows_stay_as_they_are BEFORE UPDATE ON entries"
           "  WHEN old.key >= 'audit/' AND old.key < 'audit0'"
           "  BEGIN SELECT RAISE(ABORT, 'a row of the audit trail is never changed'); END;"
           "CREATE TRIGGER audit_rows_go_in_order BEFORE DELETE ON entries"
           "  WHEN old.key >= 'audit/' AND old.key < 'audit0' AND old.key > coalesce("
           "    (SELECT json_extract(value, '$.through') FROM entries WHERE key = 'audit_anchor'),"
           "    '')"
           "  BEGIN SELECT RAISE(ABORT, 'the audit trail is not anchored after this row'); END;",
     .down = "DROP TRIGGER audit_rows_stay_as_they_are;"
             "DROP TRIGGER audit_rows_go_in_order;"},
}};

namespace {

// "heal" in ASCII: tells our files from other databases.
constexpr int kApplicationId = 0x6865616c;

Status RunInTransaction(sqlite3* database, const std::string& sql) {
  const Status status = ExecuteSql(database, ("BEGIN IMMEDIATE; " + sql + " COMMIT;").c_str());
  if (!status && sqlite3_get_autocommit(database) == 0) {
    [[maybe_unused]] const Status rolled_back = ExecuteSql(database, "ROLLBACK");
  }
  return status;
}

std::string SetVersion(int version) { return fmt::format("PRAGMA user_version = {};", version); }

}  // namespace

Status CreateSchema(sqlite3* database) {
  std::string sql = fmt::format("PRAGMA application_id = {};", kApplicationId);
  for (const Migration& migration : kMigrations) sql += migration.up;
  return RunInTransaction(database, sql + SetVersion(kNewestSchema));
}

Result<int> SchemaVersion(sqlite3* database) {
  const auto application = QueryInteger(database, "PRAGMA application_id");
  if (!application) return tl::make_unexpected(application.error());
  if (*application != kApplicationId) {
    return Fail(ErrorCode::kDataLoss, "this SQLite file is not a ledger");
  }
  const auto version = QueryInteger(database, "PRAGMA user_version");
  if (!version) return tl::make_unexpected(version.error());
  if (*version > kNewestSchema) {
    return Fail(
        ErrorCode::kFailedPrecondition,
        fmt::format("it has schema version {}, written by a later healing_webhook; this one "
                    "knows versions up to {}: run the later program, or let it go back with "
                    "`healing_webhook ledger migrate --to={}`",
                    *version, kNewestSchema, kNewestSchema));
  }
  if (*version < 1) {
    return Fail(ErrorCode::kDataLoss, fmt::format("it has schema version {}", *version));
  }
  return static_cast<int>(*version);
}

Status MigrateSchema(sqlite3* database, int version) {
  if (version < 1 || version > kNewestSchema) {
    return Fail(ErrorCode::kInvalidArgument, fmt::format("there is no schema version {}: expected "
                                                         "1 to {}",
                                                         version, kNewestSchema));
  }
  const Result<int> current = SchemaVersion(database);
  if (!current) return tl::make_unexpected(current.error());
  if (*current == version) return {};
  std::string sql;
  for (int i = *current; i < version; ++i) sql += kMigrations.at(static_cast<size_t>(i)).up;
  for (int i = *current; i > version; --i) sql += kMigrations.at(static_cast<size_t>(i - 1)).down;
  const Status status = RunInTransaction(database, sql + SetVersion(version));
  if (status) return {};
  return Prefixed(fmt::format("migrating the schema from version {} to {}", *current, version),
                  status.error());
}

Status CheckDatabase(sqlite3* database, bool whole) {
  auto found = QueryText(database, whole ? "PRAGMA integrity_check(1)" : "PRAGMA quick_check(1)");
  if (!found) return tl::make_unexpected(found.error());
  if (*found == "ok") return {};
  std::replace(found->begin(), found->end(), '\n', ' ');
  return Fail(ErrorCode::kDataLoss, "the file is damaged: " + *found);
}

}  // namespace promheal::healing
