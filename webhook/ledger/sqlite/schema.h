#pragma once

#include <sqlite3.h>

#include <array>

#include "common/base/result.h"

namespace promheal::healing {

// A change of the ledger's tables. The file stores its version (`PRAGMA user_version`). Migration n
// leads from version n - 1 to n (`up`) and back (`down`); neither loses anything in `entries`.
struct Migration {
  const char* up;
  const char* down;  // Null for the first version.
};
extern const std::array<Migration, 2> kMigrations;
inline constexpr int kNewestSchema = 2;

// Creates the newest schema in a database without tables.
Status CreateSchema(sqlite3* database);

// kDataLoss if the file is not a ledger, kFailedPrecondition if a later program has migrated it.
Result<int> SchemaVersion(sqlite3* database);

// Migrates in one transaction. `version` is from 1 to kNewestSchema.
Status MigrateSchema(sqlite3* database, int version);

// Runs quick_check, or integrity_check if `whole`. A damaged file is kDataLoss.
Status CheckDatabase(sqlite3* database, bool whole);

}  // namespace promheal::healing
