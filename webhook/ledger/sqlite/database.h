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

// Opens a ledger's file that exists, as it is: `flags` says whether to write. kNotFound where there
// is none, kDataLoss where it is empty or its write-ahead log has been left behind without it. To
// read, it may also lie where nothing can be written.
Result<Database> OpenDatabase(const std::string& path, int flags);

// The same to write, where there is none with a new ledger: it appears whole or not at all.
Result<Database> OpenOrCreate(const std::string& path);

// For what has turned out to be a ledger: commits are durable from then on, and only the program's
// user can read the file and its write-ahead log.
Status MakeOurs(sqlite3* database, const std::string& path);

}  // namespace promheal::healing
