#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace promheal::healing {

// SQLite's last error as ours: damage is kDataLoss, everything that may pass (full disk, locked,
// I/O) is kUnavailable.
tl::unexpected<Error> SqliteError(sqlite3* database, std::string_view doing);

// Runs statements without results.
Status ExecuteSql(sqlite3* database, const char* sql);

// The first column of a query's first row; 0 or "" where there is none.
Result<int64_t> QueryInteger(sqlite3* database, const char* sql);
Result<std::string> QueryText(sqlite3* database, const char* sql);

// One prepared statement, bound and stepped anew for each use.
// Thread safety: none.
class Statement {
 public:
  static Result<Statement> Prepare(sqlite3* database, const char* sql);
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&&) = delete;
  ~Statement();

  // Forgets the last use; then Bind from 1. Texts must live until the last Step.
  Statement& Begin();
  Statement& Bind(int index, std::string_view text);
  Statement& Bind(int index, int64_t number);

  // Whether there is a row.
  Result<bool> Step();
  std::string Text(int column) const;
  int64_t Integer(int column) const;

 private:
  Statement(sqlite3* database, sqlite3_stmt* statement)
      : database_(database), statement_(statement) {}
  sqlite3* database_;
  sqlite3_stmt* statement_;
};

}  // namespace promheal::healing
