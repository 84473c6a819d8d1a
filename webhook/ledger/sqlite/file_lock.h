#pragma once

#include <string>

#include "common/base/result.h"

namespace promheal::healing {

// Holds the lock that keeps a second healer away from a ledger, for as long as it lives.
class FileLock {
 public:
  // kFailedPrecondition where another process holds it.
  static Result<FileLock> Take(const std::string& path);
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace promheal::healing
