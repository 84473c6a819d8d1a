#pragma once

#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/io/clock.h"
#include "webhook/executors/engine/container.h"
#include "webhook/executors/engine/engine_api.h"
#include "webhook/executors/engine/engine_options.h"

namespace promheal::healing {

// Time limits of a session with an engine.
struct EngineLimits {
  Duration end;           // On the monotonic clock.
  Duration per_question;  // Short, to notice an engine that hangs. Changes have until `end`.
};

// The `filters` of a request, as JSON: only objects with all these labels.
std::string FilterJson(const LabelSelection& selection);

// The error, prefixed with the engine that could not be asked.
tl::unexpected<Error> WithEngineName(const EngineOptions& options, const Error& error);

// "Docker 20.10.24, API 1.41, at /var/run/docker.sock".
Result<std::string> DescribeEngine(EngineApi& api, const EngineOptions& options, Duration deadline);

// Sends requests to one engine and parses the answers. After a question timed out, the session
// sends nothing more. One thread at a time.
class EngineSession {
 public:
  EngineSession(EngineApi& api, const Clock& clock, EngineLimits limits)
      : api_(api), clock_(clock), limits_(limits) {}

  // Containers that have all these labels, running or not, sorted by name.
  Result<std::vector<Container>> Containers(const LabelSelection& selection);
  // kNotFound if there is none of that name or id.
  Result<Container> Inspect(const std::string& name);
  Result<std::string> InspectText(const std::string& name);  // As the engine wrote it.

  // Whether a container with these labels was removed since then, as far as the engine remembers.
  Result<bool> RemovedSince(const LabelSelection& selection, Time since);

  // After kTimeout or kDataLoss the change may have taken effect. A change that is already in
  // effect is no error.
  Status Restart(const std::string& id, Duration grace);
  Status Start(const std::string& id);
  Status Stop(const std::string& id, Duration grace);
  Status Pause(const std::string& id);
  Status Unpause(const std::string& id);
  Status Update(const std::string& id, const std::string& body);
  // Returns the id. kFailedPrecondition if the name is in use.
  Result<std::string> Create(const std::string& name, const std::string& body);
  Status Connect(const std::string& network, const std::string& body);
  Status Remove(const std::string& id);  // With its anonymous volumes. kNotFound if it is gone.

  // Any other request: Ask only reads, Change changes something (by POST, unless `method` differs
  // from GET). Both return the body of the answer, or an error if the engine refuses.
  Result<std::string> Ask(const EngineRequest& request);
  Result<std::string> Change(EngineRequest request);

  Duration TimeLeft() const { return limits_.end - clock_.Monotonic(); }
  // Waits a moment; false if the time is over.
  bool WaitABit();

 private:
  Status ChangeContainer(const std::string& id, const std::string& verb,
                         std::vector<std::pair<std::string, std::string>> query = {});

  EngineApi& api_;
  const Clock& clock_;
  const EngineLimits limits_;
  bool hangs_ = false;
};

}  // namespace promheal::healing
