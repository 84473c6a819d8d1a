#pragma once

#include <sqlite3.h>

#include <memory>
#include <string>

#include "common/base/result.h"

namespace promheal::healing {

struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;

// Opens an existing ledger file without changing it; `flags` are those of sqlite3_open_v2.
// kNotFound if there is none. kDataLoss if it is empty, or if only its write-ahead log is left. For
// reading, the file may be on a read-only medium.
Result<Database> OpenDatabase(const std::string& path, int flags);

// Opens the file for writing, or creates it with a new ledger, which appears whole or not at all.
Result<Database> OpenOrCreate(const std::string& path);

// Call once the file is known to be a ledger: makes commits durable, and the file and its
// write-ahead log readable by the program's user only.
Status MakeOurs(sqlite3* database, const std::string& path);

}  // namespace promheal::healing
