#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "common/base/result.h"
#include "common/base/time.h"
#include "common/io/clock.h"
#include "common/io/http/http_client.h"
#include "webhook/executors/engine/container.h"

namespace promheal::healing {

// One request of the Docker Engine API. What comes from labels stands in `query` or in `body`: both
// are encoded before they are sent, or JSON.
struct EngineRequest {
  std::string method = "GET";
  std::vector<std::string> path;  // {"containers", ID, "json"}
  std::vector<std::pair<std::string, std::string>> query;
  std::string body;  // JSON.
};

struct EngineAnswer {
  int status = 0;
  std::string body;
};

// Asks one engine. Thread safety: any thread, any number at once.
class EngineApi {
 public:
  virtual ~EngineApi() = default;

  // Any status is an answer. Errors: kUnavailable and kPermissionDenied where it could not be asked
  // (nothing happened); kTimeout and kDataLoss where the answer did not come or was cut off (it may
  // have been carried out); kFailedPrecondition where it speaks no version that we do.
  virtual Result<EngineAnswer> Send(const EngineRequest& request, Duration deadline) = 0;

  // Which engine answers.
  virtual Result<EngineVersion> Version(Duration deadline) = 0;

  // Waits, so that what was asked for may come to be.
  virtual void Pause(Duration duration) = 0;
};

// Through its Unix socket. The version of the API is the newest that both sides know, asked for
// once and again where the engine says that it is wrong. What changes something is sent on a
// connection of its own, so that it is never sent twice.
class HttpEngine final : public EngineApi {
 public:
  HttpEngine(std::string socket, const Clock& clock);

  Result<EngineAnswer> Send(const EngineRequest& request, Duration deadline) override;
  Result<EngineVersion> Version(Duration deadline) override;
  void Pause(Duration duration) override;

 private:
  Result<std::string> Prefix(Duration deadline);
  Result<EngineAnswer> SendAs(const std::string& prefix, const EngineRequest& request,
                              Duration deadline);

  const std::string socket_;
  const Clock& clock_;
  const std::unique_ptr<HttpClient> client_;
  std::mutex mutex_;
  std::string prefix_;  // "/v1.41"; "" before it is known.
};

// The newest version between the engine's and ours: "1.41". kFailedPrecondition where there is
// none.
Result<std::string> ChooseApiVersion(const EngineVersion& engine);

}  // namespace promheal::healing
