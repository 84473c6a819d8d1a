#include "webhook/ledger/sqlite/sqlite_ledger.h"

#include <fmt/core.h>

#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include "webhook/ledger/sqlite/database.h"
#include "webhook/ledger/sqlite/file_lock.h"
#include "webhook/ledger/sqlite/schema.h"
#include "webhook/ledger/sqlite/statement.h"

namespace promheal::healing {
namespace {

// The first key after all keys that start with `prefix`; "" if every later key starts with it.
std::string EndOf(std::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && static_cast<unsigned char>(end.back()) == 0xff) end.pop_back();
  if (!end.empty()) end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
  return end;
}

struct Statements {
  Statement get;
  Statement put;
  Statement erase;
  Statement list;
  Statement list_descending;
  Statement list_after;
  Statement read_head;
  Statement write_head;
};

Result<Statements> PrepareStatements(sqlite3* database) {
  constexpr const char* kSql[] = {
      "SELECT key, revision, value FROM entries WHERE key = ?1",
      "INSERT INTO entries (key, value, revision) VALUES (?1, ?2, ?3) "
      "ON CONFLICT (key) DO UPDATE SET value = ?2, revision = ?3",
      "DELETE FROM entries WHERE key = ?1",
      "SELECT key, revision, value FROM entries WHERE key >= ?1 AND (?2 = '' OR key < ?2) "
      "ORDER BY key LIMIT ?3",
      "SELECT key, revision, value FROM entries WHERE key >= ?1 AND (?2 = '' OR key < ?2) "
      "ORDER BY key DESC LIMIT ?3",
      "SELECT key, revision, value FROM entries WHERE key > ?1 AND (?2 = '' OR key < ?2) "
      "ORDER BY key LIMIT ?3",
      "SELECT revision FROM head",
      "UPDATE head SET revision = ?1"};
  std::vector<Statement> ready;
  for (const char* sql : kSql) {
    auto statement = Statement::Prepare(database, sql);
    if (!statement) return tl::make_unexpected(statement.error());
    ready.push_back(std::move(*statement));
  }
  return Statements{std::move(ready[0]), std::move(ready[1]), std::move(ready[2]),
                    std::move(ready[3]), std::move(ready[4]), std::move(ready[5]),
                    std::move(ready[6]), std::move(ready[7])};
}

Status Visit(Statement& list, std::string_view from, const std::string& end, size_t limit,
             const std::function<void(LedgerEntry)>& visit) {
  list.Begin().Bind(1, from).Bind(2, end).Bind(3, limit == 0 ? -1 : static_cast<int64_t>(limit));
  while (true) {
    const auto row = list.Step();
    if (!row) return tl::make_unexpected(row.error());
    if (!*row) return {};
    visit({list.Text(0), list.Text(2), static_cast<Revision>(list.Integer(1))});
  }
}

Result<std::vector<LedgerEntry>> EntriesOf(Statement& list, std::string_view from,
                                           const std::string& end, size_t limit) {
  std::vector<LedgerEntry> entries;
  const Status read = Visit(list, from, end, limit,
                            [&](LedgerEntry entry) { entries.push_back(std::move(entry)); });
  if (!read) return tl::make_unexpected(read.error());
  return entries;
}

std::string DirectoryOf(const std::string& path) {
  const std::string directory = std::filesystem::path(path).parent_path();
  return directory.empty() ? "." : directory;
}

std::string AnotherFileAdvice(const std::string& path) {
  return fmt::format(
      "put a copy back, or move {0}, {0}-wal and {0}-shm away to begin anew, which forgets open "
      "incidents and cooldowns",
      path);
}

Error WithAdvice(Error error, const std::string& advice) {
  if (error.code == ErrorCode::kDataLoss) error.message += "; " + advice;
  return error;
}

// For a file that no ledger command can read: advises another file instead of `ledger check`.
Error AsUnreadable(Error error, const std::string& path) {
  return WithAdvice(std::move(error), "nothing has been changed; " + AnotherFileAdvice(path));
}

}  // namespace

struct SqliteLedger::Impl {
  std::optional<FileLock> lock;  // nullopt: opened for reading.
  Database database;
  Statements use;

  Status CheckConditions(const LedgerTransaction& transaction);
  Status Write(const LedgerTransaction& transaction, Revision revision);
  Result<Revision> CommitInside(const LedgerTransaction& transaction);
};

Status SqliteLedger::Impl::CheckConditions(const LedgerTransaction& transaction) {
  for (const LedgerCondition& condition : transaction.conditions) {
    const auto found = use.get.Begin().Bind(1, condition.key).Step();
    if (!found) return tl::make_unexpected(found.error());
    const Revision revision = *found ? static_cast<Revision>(use.get.Integer(1)) : 0;
    use.get.Begin();
    if (revision != condition.revision) {
      return Fail(ErrorCode::kFailedPrecondition,
                  fmt::format("{} has revision {}, expected {}", condition.key, revision,
                              condition.revision));
    }
  }
  return {};
}

Status SqliteLedger::Impl::Write(const LedgerTransaction& transaction, Revision revision) {
  for (const LedgerWrite& write : transaction.writes) {
    Statement& statement = write.value ? use.put : use.erase;
    statement.Begin().Bind(1, write.key);
    if (write.value) statement.Bind(2, *write.value).Bind(3, static_cast<int64_t>(revision));
    const auto done = statement.Step();
    if (!done) return tl::make_unexpected(done.error());
  }
  const auto done = use.write_head.Begin().Bind(1, static_cast<int64_t>(revision)).Step();
  if (!done) return tl::make_unexpected(done.error());
  return {};
}

Result<Revision> SqliteLedger::Impl::CommitInside(const LedgerTransaction& transaction) {
  if (auto status = CheckConditions(transaction); !status) {
    return tl::make_unexpected(status.error());
  }
  const auto head = use.read_head.Begin().Step();
  if (!head) return tl::make_unexpected(head.error());
  const Revision revision = static_cast<Revision>(use.read_head.Integer(0)) + 1;
  use.read_head.Begin();
  if (auto status = Write(transaction, revision); !status) {
    return tl::make_unexpected(status.error());
  }
  if (auto status = ExecuteSql(database.get(), "COMMIT"); !status) {
    return tl::make_unexpected(status.error());
  }
  return revision;
}

Result<std::unique_ptr<SqliteLedger>> SqliteLedger::Open(const std::string& path) {
  const std::string doing = "opening the ledger " + path;
  auto lock = FileLock::Acquire(path + ".lock");
  if (!lock) return Prefixed(doing, lock.error());
  auto database = OpenOrCreate(path);
  if (!database) return Prefixed(doing, AsUnreadable(database.error(), path));
  sqlite3* raw = database->get();
  if (const auto version = SchemaVersion(raw); !version) {
    return Prefixed(doing, AsUnreadable(version.error(), path));
  }
  const Status ready =
      CheckDatabase(raw, false).and_then([&] { return MakeOurs(raw, path); }).and_then([&] {
        return MigrateSchema(raw, kNewestSchema);
      });
  if (!ready) return Prefixed(doing, WithAdvice(ready.error(), DamagedLedgerAdvice(path)));
  auto statements = PrepareStatements(raw);
  if (!statements) return Prefixed(doing, statements.error());
  return std::unique_ptr<SqliteLedger>(new SqliteLedger(std::unique_ptr<Impl>(
      new Impl{std::move(*lock), std::move(*database), std::move(*statements)})));
}

Result<std::unique_ptr<SqliteLedger>> SqliteLedger::OpenToRead(const std::string& path) {
  const std::string doing = "reading the ledger " + path;
  auto database = OpenDatabase(path, SQLITE_OPEN_READONLY);
  if (!database) return Prefixed(doing, AsUnreadable(database.error(), path));
  if (const auto version = SchemaVersion(database->get()); !version) {
    return Prefixed(doing, AsUnreadable(version.error(), path));
  }
  auto statements = PrepareStatements(database->get());
  if (!statements) return Prefixed(doing, statements.error());
  return std::unique_ptr<SqliteLedger>(new SqliteLedger(
      std::unique_ptr<Impl>(new Impl{{}, std::move(*database), std::move(*statements)})));
}

Result<int> SqliteLedger::Migrate(const std::string& path, int version) {
  const std::string doing = "migrating the ledger " + path;
  const auto lock = FileLock::Acquire(path + ".lock");
  if (!lock) return Prefixed(doing, lock.error());
  const auto database = OpenDatabase(path, SQLITE_OPEN_READWRITE);
  if (!database) return Prefixed(doing, database.error());
  const Result<int> before = SchemaVersion(database->get());
  if (!before) return Prefixed(doing, before.error());
  const Status migrated = CheckDatabase(database->get(), false).and_then([&] {
    return MigrateSchema(database->get(), version);
  });
  if (!migrated) return Prefixed(doing, WithAdvice(migrated.error(), DamagedLedgerAdvice(path)));
  return before;
}

SqliteLedger::SqliteLedger(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SqliteLedger::~SqliteLedger() = default;

Status SqliteLedger::Check() { return CheckDatabase(impl_->database.get(), true); }

Result<int> SqliteLedger::schema_version() const { return SchemaVersion(impl_->database.get()); }

Result<Revision> SqliteLedger::Commit(const LedgerTransaction& transaction) {
  if (!impl_->lock) {
    return Fail(ErrorCode::kFailedPrecondition, "the ledger is open for reading only");
  }
  sqlite3* database = impl_->database.get();
  if (auto status = ExecuteSql(database, "BEGIN IMMEDIATE"); !status) {
    return tl::make_unexpected(status.error());
  }
  auto revision = impl_->CommitInside(transaction);
  // SQLite has already rolled back after some errors.
  if (!revision && sqlite3_get_autocommit(database) == 0) {
    [[maybe_unused]] const Status rolled_back = ExecuteSql(database, "ROLLBACK");
  }
  return revision;
}

Result<std::optional<LedgerEntry>> SqliteLedger::Get(std::string_view key) {
  Statement& get = impl_->use.get;
  const auto found = get.Begin().Bind(1, key).Step();
  if (!found) return tl::make_unexpected(found.error());
  if (!*found) return std::optional<LedgerEntry>();
  LedgerEntry entry{get.Text(0), get.Text(2), static_cast<Revision>(get.Integer(1))};
  get.Begin();
  return std::optional<LedgerEntry>(std::move(entry));
}

Result<std::vector<LedgerEntry>> SqliteLedger::List(std::string_view prefix, size_t limit,
                                                    bool descending) {
  Statement& list = descending ? impl_->use.list_descending : impl_->use.list;
  return EntriesOf(list, prefix, EndOf(prefix), limit);
}

Result<std::vector<LedgerEntry>> SqliteLedger::ListAfter(std::string_view prefix,
                                                         std::string_view after, size_t limit) {
  if (after < prefix) return List(prefix, limit, false);
  return EntriesOf(impl_->use.list_after, after, EndOf(prefix), limit);
}

Status SqliteLedger::ForEachReadable(const std::function<void(const LedgerEntry&)>& visit) {
  std::string last;
  const Status forwards = Visit(impl_->use.list, "", "", 0, [&](const LedgerEntry& entry) {
    last = entry.key;
    visit(entry);
  });
  if (forwards || forwards.error().code != ErrorCode::kDataLoss) return forwards;
  std::string first;
  // An entry is visited twice only if the damage has moved meanwhile.
  [[maybe_unused]] const Status backwards =
      Visit(impl_->use.list_descending, last, "", 0, [&](const LedgerEntry& entry) {
        if (entry.key <= last) return;
        first = entry.key;
        visit(entry);
      });
  return Fail(ErrorCode::kDataLoss,
              fmt::format("the entries between {} and {} cannot be read: {}",
                          last.empty() ? "the beginning" : last, first.empty() ? "the end" : first,
                          forwards.error().message));
}

std::string DamagedLedgerAdvice(const std::string& path) {
  return fmt::format(
      "nothing has been changed; `healing_webhook ledger check --storage.path={0}` lists all "
      "damage and `healing_webhook ledger export --storage.path={0}` saves what can still be "
      "read; then {1}",
      DirectoryOf(path), AnotherFileAdvice(path));
}

}  // namespace promheal::healing
