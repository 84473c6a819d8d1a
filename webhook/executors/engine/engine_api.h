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

// One request of the Docker Engine API. Values from labels belong in `query`, which is encoded when
// it is sent, or in `body`, which is JSON.
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

// Sends requests to one engine. Thread safety: any thread, any number at once.
class EngineApi {
 public:
  virtual ~EngineApi() = default;

  // Any status is an answer. Errors: kUnavailable and kPermissionDenied if it could not be asked
  // (nothing happened); kTimeout and kDataLoss if the answer did not come or was cut off (the
  // request may have been carried out); kFailedPrecondition if there is no common version of the
  // API.
  virtual Result<EngineAnswer> Send(const EngineRequest& request, Duration deadline) = 0;

  // The versions of the engine that answers.
  virtual Result<EngineVersion> Version(Duration deadline) = 0;

  // Waits between two looks at a change that takes time.
  virtual void Pause(Duration duration) = 0;
};

// An engine behind a Unix socket. The version of the API is the newest that both sides know; it is
// asked for once, and again if the engine says that it is wrong. Requests that change something use
// a new connection each: on a reused one the HTTP client could send them twice.
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

// The newest version of the API that both the engine and this program know: "1.41".
// kFailedPrecondition if there is none.
Result<std::string> ChooseApiVersion(const EngineVersion& engine);

}  // namespace promheal::healing
