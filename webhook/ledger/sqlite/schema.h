#pragma once

#include <sqlite3.h>

#include <array>

#include "common/base/result.h"

namespace promheal::healing {

// How a ledger's tables have changed over time: the file says its version (`PRAGMA user_version`),
// and each migration leads from the version before to its own and back. Nothing in `entries` is
// lost either way.
struct Migration {
  const char* up;
  const char* down;  // Null for the first, before which there was nothing.
};
extern const std::array<Migration, 2> kMigrations;
inline constexpr int kNewestSchema = 2;

// All of it, in a database without tables.
Status CreateSchema(sqlite3* database);

// kDataLoss where the file is no ledger, kFailedPrecondition where a later program has written it.
Result<int> SchemaVersion(sqlite3* database);

// In one transaction, or not at all. `version` is from 1 to kNewestSchema.
Status MigrateSchema(sqlite3* database, int version);

// What quick_check, or with `whole` integrity_check, finds wrong with the file: kDataLoss.
Status CheckDatabase(sqlite3* database, bool whole);

}  // namespace promheal::healing
