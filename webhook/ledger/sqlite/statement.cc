#include "webhook/ledger/sqlite/statement.h"

#include <fmt/core.h>

#include <utility>

namespace promheal::healing {

tl::unexpected<Error> SqliteError(sqlite3* database, std::string_view doing) {
  const int code = sqlite3_errcode(database);
  const bool damaged = code == SQLITE_CORRUPT || code == SQLITE_NOTADB || code == SQLITE_FORMAT;
  const bool ours = code == SQLITE_MISUSE || code == SQLITE_RANGE || code == SQLITE_ERROR;
  return Fail(damaged ? ErrorCode::kDataLoss
              : ours  ? ErrorCode::kInternal
                      : ErrorCode::kUnavailable,
              fmt::format("{}: {}", doing, sqlite3_errmsg(database)));
}

Status ExecuteSql(sqlite3* database, const char* sql) {
  if (sqlite3_exec(database, sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
    return SqliteError(database, sql);
  }
  return {};
}

Result<int64_t> QueryInteger(sqlite3* database, const char* sql) {
  auto statement = Statement::Prepare(database, sql);
  if (!statement) return tl::make_unexpected(statement.error());
  const auto row = statement->Step();
  if (!row) return tl::make_unexpected(row.error());
  return *row ? statement->Integer(0) : 0;
}

Result<std::string> QueryText(sqlite3* database, const char* sql) {
  auto statement = Statement::Prepare(database, sql);
  if (!statement) return tl::make_unexpected(statement.error());
  const auto row = statement->Step();
  if (!row) return tl::make_unexpected(row.error());
  return *row ? statement->Text(0) : "";
}

Result<Statement> Statement::Prepare(sqlite3* database, const char* sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v3(database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) !=
      SQLITE_OK) {
    return SqliteError(database, sql);
  }
  return Statement(database, statement);
}

Statement::Statement(Statement&& other) noexcept
    : database_(other.database_), statement_(std::exchange(other.statement_, nullptr)) {}

Statement::~Statement() { sqlite3_finalize(statement_); }

Statement& Statement::Begin() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
  return *this;
}

Statement& Statement::Bind(int index, std::string_view text) {
  const char* data = text.data() == nullptr ? "" : text.data();  // A null pointer would bind NULL.
  sqlite3_bind_text64(statement_, index, data, text.size(), SQLITE_STATIC, SQLITE_UTF8);
  return *this;
}

Statement& Statement::Bind(int index, int64_t number) {
  sqlite3_bind_int64(statement_, index, number);
  return *this;
}

Result<bool> Statement::Step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  const bool done = code == SQLITE_DONE;
  // Read the error before the reset, after which another statement may replace it.
  const tl::unexpected<Error> error = SqliteError(database_, "running a statement");
  sqlite3_reset(statement_);
  if (done) return false;
  return error;
}

std::string Statement::Text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  return {text, static_cast<size_t>(sqlite3_column_bytes(statement_, column))};
}

int64_t Statement::Integer(int column) const { return sqlite3_column_int64(statement_, column); }

}  // namespace promheal::healing
