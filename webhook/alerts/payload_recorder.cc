#include "webhook/alerts/payload_recorder.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "webhook/alerts/recorded_payloads.h"

namespace promheal::healing {

Result<std::unique_ptr<PayloadRecorder>> PayloadRecorder::Open(std::string path, const Clock& clock,
                                                               Logger& logger, size_t max_bytes) {
  std::unique_ptr<PayloadRecorder> recorder(
      new PayloadRecorder(std::move(path), clock, logger, max_bytes));
  if (auto status = recorder->OpenFile(); !status) {
    return Prefixed("recording payloads", status.error());
  }
  return recorder;
}

PayloadRecorder::PayloadRecorder(std::string path, const Clock& clock, Logger& logger,
                                 size_t max_bytes)
    : path_(std::move(path)), clock_(clock), logger_(logger), max_bytes_(max_bytes) {}

PayloadRecorder::~PayloadRecorder() {
  if (fd_ >= 0) ::close(fd_);
}

Status PayloadRecorder::OpenFile() {
  fd_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  struct stat found {};
  if (fd_ < 0 || ::fstat(fd_, &found) != 0) {
    return Fail(ErrorCode::kUnavailable, fmt::format("{}: {}", path_, std::strerror(errno)));
  }
  size_ = static_cast<size_t>(found.st_size);
  return {};
}

void PayloadRecorder::Record(std::string_view body) {
  const std::string line = PayloadLine(clock_.Now(), body);
  const std::lock_guard lock(mutex_);
  const Status status = Append(line);
  if (!status && works_) {
    logger_.Error("payloads are not recorded", {{"error", status.error().message}});
  }
  works_ = status.has_value();
}

Status PayloadRecorder::Append(const std::string& line) {
  if (fd_ >= 0 && size_ > 0 && size_ + line.size() > max_bytes_) {
    ::close(std::exchange(fd_, -1));
    [[maybe_unused]] const int renamed = ::rename(path_.c_str(), (path_ + ".1").c_str());
  }
  if (fd_ < 0) {
    if (auto status = OpenFile(); !status) return status;
  }
  const ssize_t written = ::write(fd_, line.data(), line.size());
  if (written == static_cast<ssize_t>(line.size())) {
    size_ += line.size();
    return {};
  }
  const std::string why = written < 0 ? std::strerror(errno) : "no space is left";
  // Removes the half-written line, which would make the recording unreadable.
  [[maybe_unused]] const int cut = ::ftruncate(fd_, static_cast<off_t>(size_));
  return Fail(ErrorCode::kUnavailable, fmt::format("{}: {}", path_, why));
}

}  // namespace promheal::healing
