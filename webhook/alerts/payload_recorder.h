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

// Appends deliveries to a file, for `healing_webhook simulate`: the body and the time, without
// headers and so without credentials. Only the program's user can read the file. A full file
// becomes PATH.1 and replaces an older one, so both take at most twice `max_bytes`. A failed write
// is logged once until writing works again; the delivery is not affected. Thread safety: any
// thread.
class PayloadRecorder {
 public:
  // An error if the file cannot be opened.
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
