#include "webhook/ledger/sqlite/sqlite_ledger.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "webhook/ledger/sqlite/statement.h"

namespace promheal::healing {
namespace {

// "heal" in ASCII: tells our files from other databases.
constexpr int kApplicationId = 0x6865616c;
constexpr int kSchemaVersion = 1;

constexpr char kSchema[] =
    "CREATE TABLE entries ("
    "  key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL, revision INTEGER NOT NULL"
    ") WITHOUT ROWID;"
    "CREATE TABLE head (id INTEGER PRIMARY KEY CHECK (id = 0), revision INTEGER NOT NULL);"
    "INSERT INTO head VALUES (0, 0);";

// The first key after all that start with `prefix`; "" where there is none.
std::string EndOf(std::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && static_cast<unsigned char>(end.back()) == 0xff) end.pop_back();
  if (!end.empty()) end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
  return end;
}

// Holds the lock that keeps a second healer away, for as long as it lives.
class FileLock {
 public:
  static Result<FileLock> Take(const std::string& path) {
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
      return Fail(ErrorCode::kUnavailable, fmt::format("{}: {}", path, std::strerror(errno)));
    }
    FileLock lock(fd);
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
      return Fail(
          ErrorCode::kFailedPrecondition,
          fmt::format("{} is held by another process: one ledger belongs to one healer", path));
    }
    return lock;
  }
  FileLock(FileLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock() {
    if (fd_ >= 0) ::close(fd_);
  }

 private:
  explicit FileLock(int fd) : fd_(fd) {}
  int fd_;
};

struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;

Result<int64_t> QueryInteger(sqlite3* database, const char* sql) {
  auto statement = Statement::Prepare(database, sql);
  if (!statement) return tl::make_unexpected(statement.error());
  const auto row = statement->Step();
  if (!row) return tl::make_unexpected(row.error());
  return *row ? statement->Integer(0) : 0;
}

Status CreateSchema(sqlite3* database) {
  const std::string sql = fmt::format(
      "BEGIN IMMEDIATE; PRAGMA application_id = {}; PRAGMA user_version = {}; {} COMMIT;",
      kApplicationId, kSchemaVersion, kSchema);
  return ExecuteSql(database, sql.c_str());
}

Status CheckSchema(sqlite3* database) {
  const auto application = QueryInteger(database, "PRAGMA application_id");
  if (!application) return tl::make_unexpected(application.error());
  const auto tables = QueryInteger(database, "SELECT count(*) FROM sqlite_master");
  if (!tables) return tl::make_unexpected(tables.error());
  if (*application == 0 && *tables == 0) return CreateSchema(database);
  if (*application != kApplicationId) {
    return Fail(ErrorCode::kDataLoss, "this SQLite file is not a ledger");
  }
  const auto version = QueryInteger(database, "PRAGMA user_version");
  if (!version) return tl::make_unexpected(version.error());
  if (*version != kSchemaVersion) {
    return Fail(ErrorCode::kDataLoss, fmt::format("the ledger has schema version {}, this program "
                                                  "reads {}",
                                                  *version, kSchemaVersion));
  }
  return {};
}

struct Statements {
  Statement get;
  Statement put;
  Statement erase;
  Statement list;
  Statement list_descending;
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
                    std::move(ready[6])};
}

Status CheckIntegrity(sqlite3* database) {
  auto statement = Statement::Prepare(database, "PRAGMA quick_check(1)");
  if (!statement) return tl::make_unexpected(statement.error());
  const auto row = statement->Step();
  if (!row) return tl::make_unexpected(row.error());
  if (*row && statement->Text(0) == "ok") return {};
  std::string found = statement->Text(0);
  std::replace(found.begin(), found.end(), '\n', ' ');
  return Fail(ErrorCode::kDataLoss, "the ledger is damaged: " + found);
}

}  // namespace

struct SqliteLedger::Impl {
  FileLock lock;
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
  auto lock = FileLock::Take(path + ".lock");
  if (!lock) return Prefixed(doing, lock.error());
  sqlite3* raw = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  const int opened = sqlite3_open_v2(path.c_str(), &raw, flags, nullptr);
  Database database(raw);
  if (opened != SQLITE_OK) return SqliteError(raw, doing);
  sqlite3_busy_timeout(raw, 2000);
  const Status ready = ExecuteSql(raw, "PRAGMA journal_mode = WAL")
                           .and_then([&] { return ExecuteSql(raw, "PRAGMA synchronous = FULL"); })
                           .and_then([&] { return CheckSchema(raw); })
                           .and_then([&] { return CheckIntegrity(raw); });
  if (!ready) return Prefixed(doing, ready.error());
  auto statements = PrepareStatements(raw);
  if (!statements) return Prefixed(doing, statements.error());
  return std::unique_ptr<SqliteLedger>(new SqliteLedger(std::unique_ptr<Impl>(
      new Impl{std::move(*lock), std::move(database), std::move(*statements)})));
}

SqliteLedger::SqliteLedger(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SqliteLedger::~SqliteLedger() = default;

Result<Revision> SqliteLedger::Commit(const LedgerTransaction& transaction) {
  sqlite3* database = impl_->database.get();
  if (auto status = ExecuteSql(database, "BEGIN IMMEDIATE"); !status) {
    return tl::make_unexpected(status.error());
  }
  auto revision = impl_->CommitInside(transaction);
  // After some errors SQLite has rolled back by itself.
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
  const std::string end = EndOf(prefix);
  list.Begin().Bind(1, prefix).Bind(2, end).Bind(3, limit == 0 ? -1 : static_cast<int64_t>(limit));
  std::vector<LedgerEntry> entries;
  while (true) {
    const auto row = list.Step();
    if (!row) return tl::make_unexpected(row.error());
    if (!*row) return entries;
    entries.push_back({list.Text(0), list.Text(2), static_cast<Revision>(list.Integer(1))});
  }
}

}  // namespace promheal::healing
