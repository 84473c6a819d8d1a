#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace promheal::healing {

// Converts SQLite's last error: damage is kDataLoss; a full disk, a lock or an I/O error, which may
// pass, is kUnavailable.
tl::unexpected<Error> SqliteError(sqlite3* database, std::string_view doing);

// Runs statements without results.
Status ExecuteSql(sqlite3* database, const char* sql);

// The first column of a query's first row; 0 or "" if there is no row.
Result<int64_t> QueryInteger(sqlite3* database, const char* sql);
Result<std::string> QueryText(sqlite3* database, const char* sql);

// A prepared statement. Each use begins with Begin, binds its values, and steps through the rows.
// Thread safety: none.
class Statement {
 public:
  static Result<Statement> Prepare(sqlite3* database, const char* sql);
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&&) = delete;
  ~Statement();

  // Ends the previous use. Bind counts from 1. Bound texts must live until the last Step.
  Statement& Begin();
  Statement& Bind(int index, std::string_view text);
  Statement& Bind(int index, int64_t number);

  // Moves to the next row; false after the last one.
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
