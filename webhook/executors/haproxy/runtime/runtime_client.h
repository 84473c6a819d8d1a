#pragma once

#include <cstddef>
#include <string>

#include "common/base/result.h"
#include "common/base/time.h"
#include "common/io/clock.h"
#include "webhook/executors/haproxy/runtime/runtime_command.h"

namespace promheal::healing {

// Sends commands to one HAProxy process. Thread safety: any thread, any number at once.
class RuntimeApi {
 public:
  virtual ~RuntimeApi() = default;

  // The whole answer, as HAProxy wrote it; runtime_answer.h interprets it, because refusals are
  // text, too. Errors: kUnavailable and kPermissionDenied if it could not be asked (nothing
  // happened); kTimeout and kDataLoss if the answer did not come, was cut off, or is longer than
  // `max_answer_bytes` (the command may have been carried out).
  virtual Result<std::string> Run(const RuntimeCommand& command, Duration deadline) const = 0;
};

struct RuntimeClientOptions {
  std::string socket;  // The path after `stats socket`; its level must be admin.
  size_t max_answer_bytes = size_t{4} << 20;
};

// The Runtime API over a Unix socket: a connection for each command, which HAProxy closes after its
// answer. Never TCP: everyone who reaches the socket controls the gateway.
class RuntimeClient final : public RuntimeApi {
 public:
  RuntimeClient(RuntimeClientOptions options, const Clock& clock)
      : options_(std::move(options)), clock_(clock) {}

  Result<std::string> Run(const RuntimeCommand& command, Duration deadline) const override;

 private:
  const RuntimeClientOptions options_;
  const Clock& clock_;
};

}  // namespace promheal::healing
