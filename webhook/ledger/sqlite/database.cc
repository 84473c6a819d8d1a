#include "webhook/ledger/sqlite/database.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <optional>

#include "common/io/http/http_client.h"
#include "webhook/ledger/sqlite/schema.h"
#include "webhook/ledger/sqlite/statement.h"

namespace promheal::healing {
namespace {

constexpr int kBusyMilliseconds = 2000;
constexpr mode_t kPrivate = 0600;

tl::unexpected<Error> SystemError(const std::string& path) {
  const ErrorCode code = errno == ENOENT ? ErrorCode::kNotFound : ErrorCode::kUnavailable;
  return Fail(code, fmt::format("{}: {}", path, std::strerror(errno)));
}

// nullopt if there is no such file.
std::optional<size_t> SizeOf(const std::string& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) return std::nullopt;
  return static_cast<size_t>(found.st_size);
}

Status CheckFiles(const std::string& path) {
  const std::optional<size_t> size = SizeOf(path);
  if (!size && SizeOf(path + "-wal").value_or(0) > 0) {
    return Fail(ErrorCode::kDataLoss,
                fmt::format("{} is gone, but its write-ahead log {}-wal is there", path, path));
  }
  if (!size) return SystemError(path);
  if (std::error_code error; !std::filesystem::is_regular_file(path, error)) {
    return Fail(ErrorCode::kUnavailable, path + " is not a file");
  }
  if (*size == 0) return Fail(ErrorCode::kDataLoss, fmt::format("{} is empty", path));
  return {};
}

Result<Database> OpenFile(const std::string& path, int flags) {
  sqlite3* raw = nullptr;
  const int opened = sqlite3_open_v2(path.c_str(), &raw, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  Database database(raw);
  if (opened != SQLITE_OK) return SqliteError(raw, "opening it");
  sqlite3_busy_timeout(raw, kBusyMilliseconds);
  return database;
}

// Whether SQLite cannot open the file because it cannot create the -shm file beside it, as on a
// read-only medium. Nothing writes such a copy, so it can be opened as immutable.
bool IsOutOfReach(sqlite3* database) {
  if (sqlite3_exec(database, "PRAGMA schema_version", nullptr, nullptr, nullptr) == SQLITE_OK) {
    return false;
  }
  const int code = sqlite3_errcode(database);
  return code == SQLITE_READONLY || code == SQLITE_CANTOPEN;
}

Result<Database> OpenUnchanging(const std::string& path) {
  std::string uri = "file:";
  for (const char c : path) uri += c == '/' ? "/" : PercentEncode(std::string_view(&c, 1));
  return OpenFile(uri + "?immutable=1", SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
}

// Creates an empty file with mode 0600; SQLite gives the files beside it the same mode.
Status CreatePrivateFile(const std::string& path) {
  for (const char* suffix : {"", "-journal"}) ::unlink((path + suffix).c_str());
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kPrivate);
  if (fd < 0) return SystemError(path);
  ::close(fd);
  return {};
}

// Without this, a power failure may lose the new name, and all commits with it.
Status SyncDirectoryOf(const std::string& path) {
  const std::string directory = std::filesystem::absolute(path).parent_path();
  const int fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return SystemError(directory);
  const int synced = ::fsync(fd);
  ::close(fd);
  if (synced != 0) return SystemError(directory);
  return {};
}

Status CreateLedger(const std::string& path) {
  const std::string half_made = path + ".new";
  if (auto status = CreatePrivateFile(half_made); !status) {
    return tl::make_unexpected(Error{ErrorCode::kUnavailable, status.error().message});
  }
  auto database = OpenFile(half_made, SQLITE_OPEN_READWRITE);
  if (!database) return tl::make_unexpected(database.error());
  if (auto status = CreateSchema(database->get()); !status) return status;
  database->reset();
  if (::rename(half_made.c_str(), path.c_str()) != 0) return SystemError(path);
  return SyncDirectoryOf(path);
}

// Also narrows the mode of files that an earlier version created.
Status MakePrivate(const std::string& path) {
  for (const char* suffix : {"", "-wal", "-shm"}) {
    const std::string file = path + suffix;
    if (::chmod(file.c_str(), kPrivate) != 0 && errno != ENOENT) return SystemError(file);
  }
  return {};
}

}  // namespace

Result<Database> OpenDatabase(const std::string& path, int flags) {
  if (auto status = CheckFiles(path); !status) return tl::make_unexpected(status.error());
  auto database = OpenFile(path, flags);
  const bool has_log = SizeOf(path + "-wal").value_or(0) > 0;
  if (!database || flags != SQLITE_OPEN_READONLY || has_log) return database;
  return IsOutOfReach(database->get()) ? OpenUnchanging(path) : std::move(database);
}

Result<Database> OpenOrCreate(const std::string& path) {
  Status files = CheckFiles(path);
  if (!files && files.error().code == ErrorCode::kNotFound) files = CreateLedger(path);
  if (!files) return tl::make_unexpected(files.error());
  return OpenFile(path, SQLITE_OPEN_READWRITE);
}

Status MakeOurs(sqlite3* database, const std::string& path) {
  if (auto status = MakePrivate(path); !status) return status;
  return ExecuteSql(database, "PRAGMA journal_mode = WAL").and_then([&] {
    return ExecuteSql(database, "PRAGMA synchronous = FULL");
  });
}

}  // namespace promheal::healing
