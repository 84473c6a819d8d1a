#include "common/io/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <system_error>

namespace promheal {
namespace {

constexpr size_t kMaxSecretBytes = size_t{64} << 10;
constexpr mode_t kModeOfNewFiles = 0666;  // The umask removes bits.

ErrorCode CodeOf(int error_number) {
  switch (error_number) {
    case ENOENT:
    case ENOTDIR:
      return ErrorCode::kNotFound;
    case EACCES:
    case EPERM:
    case EROFS:
      return ErrorCode::kPermissionDenied;
    case ENOSPC:
    case EDQUOT:
    case EMFILE:
    case ENFILE:
      return ErrorCode::kUnavailable;
    case EIO:
      return ErrorCode::kDataLoss;
    default:
      return ErrorCode::kInvalidArgument;
  }
}

tl::unexpected<Error> SystemFailure(std::string_view doing, const std::string& path,
                                    int error_number) {
  return Fail(CodeOf(error_number),
              fmt::format("{} {}: {}", doing, path, std::generic_category().message(error_number)));
}

class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  ~FileDescriptor() { Close(); }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;

  int get() const { return fd_; }
  bool valid() const { return fd_ >= 0; }
  // Returns 0, or -1 with errno set, like close(2).
  int Close() {
    const int result = fd_ >= 0 ? ::close(fd_) : 0;
    fd_ = -1;
    return result;
  }

 private:
  int fd_;
};

// Removes the temporary file unless it was renamed into place.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::string path) : path_(std::move(path)) {}
  ~TemporaryFile() {
    if (!path_.empty()) ::unlink(path_.c_str());
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  const std::string& path() const { return path_; }
  void Keep() { path_.clear(); }

 private:
  std::string path_;
};

// A new name for each call: two threads never write to the same temporary file.
std::string TemporaryPathBeside(const std::string& path) {
  static std::atomic<uint64_t> counter = 0;
  return fmt::format("{}.{}-{}.tmp", path, ::getpid(), counter.fetch_add(1));
}

int WriteAll(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return -1;
    }
    content.remove_prefix(static_cast<size_t>(written));
  }
  return 0;
}

// Makes the rename itself durable. Some file systems cannot sync directories: that is no failure.
void SyncDirectoryOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  const std::string directory =
      slash == std::string::npos ? "." : path.substr(0, slash == 0 ? 1 : slash);
  const FileDescriptor fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.valid()) ::fsync(fd.get());
}

}  // namespace

Result<std::string> ReadFile(const std::string& path, size_t max_bytes) {
  const FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return SystemFailure("opening", path, errno);
  std::string content;
  std::array<char, size_t{64} << 10> buffer;
  while (true) {
    const ssize_t count = ::read(fd.get(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return SystemFailure("reading", path, errno);
    if (count == 0) return content;
    content.append(buffer.data(), static_cast<size_t>(count));
    if (content.size() > max_bytes) {
      return Fail(ErrorCode::kInvalidArgument,
                  fmt::format("reading {}: larger than {} bytes", path, max_bytes));
    }
  }
}

Result<std::string> ReadSecretFile(const std::string& path) {
  Result<std::string> secret = ReadFile(path, kMaxSecretBytes);
  if (!secret) return secret;
  while (!secret->empty() && (secret->back() == '\n' || secret->back() == '\r')) secret->pop_back();
  if (secret->empty()) {
    return Fail(ErrorCode::kInvalidArgument, fmt::format("reading {}: the file is empty", path));
  }
  return secret;
}

Status WriteFileAtomically(const std::string& path, std::string_view content) {
  TemporaryFile temporary(TemporaryPathBeside(path));
  FileDescriptor fd(
      ::open(temporary.path().c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kModeOfNewFiles));
  if (!fd.valid()) return SystemFailure("creating", temporary.path(), errno);
  if (WriteAll(fd.get(), content) != 0 || ::fsync(fd.get()) != 0 || fd.Close() != 0) {
    return SystemFailure("writing", temporary.path(), errno);
  }
  if (::rename(temporary.path().c_str(), path.c_str()) != 0) {
    return SystemFailure("replacing", path, errno);
  }
  temporary.Keep();
  SyncDirectoryOf(path);
  return {};
}

}  // namespace promheal
