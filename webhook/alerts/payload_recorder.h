#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/io/clock.h"
#include "common/io/log.h"

namespace promheal::healing {

// Appends what was delivered to a file, for `healing_webhook simulate`: the body and when it came,
// no headers, so no credentials. The file is private; when it is full it becomes PATH.1, which
// replaces an older one, so that there are twice `max_bytes` at most. A failure to write stops
// nothing: it is logged, once until it works again. Thread safety: any thread.
class PayloadRecorder {
 public:
  // An error where the file cannot be opened at all.
  static Result<std::unique_ptr<PayloadRecorder>> Open(std::string path, const Clock& clock,
                                                       Logger& logger,
                                                       size_t max_bytes = size_t{64} << 20);
  ~PayloadRecorder();
  PayloadRecorder(const PayloadRecorder&) = delete;
  PayloadRecorder& operator=(const PayloadRecorder&) = delete;

  // `body` is the JSON of one accepted delivery.
  void Record(std::string_view body);

 private:
  PayloadRecorder(std::string path, const Clock& clock, Logger& logger, size_t max_bytes);
  Status OpenFile();
  Status Append(const std::string& line);

  const std::string path_;
  const Clock& clock_;
  Logger& logger_;
  const size_t max_bytes_;
  std::mutex mutex_;
  int fd_ = -1;
  size_t size_ = 0;
  bool works_ = true;
};

}  // namespace promheal::healing
