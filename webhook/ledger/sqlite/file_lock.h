#pragma once

#include <string>

#include "common/base/result.h"

namespace promheal::healing {

// Keeps a second healer away from a ledger while this object lives.
class FileLock {
 public:
  // kFailedPrecondition if another process holds the lock.
  static Result<FileLock> Acquire(const std::string& path);
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace promheal::healing
