#pragma once

#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/io/clock.h"
#include "webhook/executors/engine/container.h"
#include "webhook/executors/engine/engine_api.h"
#include "webhook/executors/engine/engine_options.h"

namespace promheal::healing {

// How long a conversation with an engine may take.
struct EngineLimits {
  Duration end;           // On the monotonic clock.
  Duration per_question;  // So that one that hangs is noticed soon. Changes have until the end.
};

// The `filters` of a question for what has all these labels: JSON.
std::string FilterJson(const LabelSelection& selection);

// Which engine could not be asked, and why.
tl::unexpected<Error> OfEngine(const EngineOptions& options, const Error& error);

// "Docker 20.10.24, API 1.41, at /var/run/docker.sock".
Result<std::string> DescribeEngine(EngineApi& api, const EngineOptions& options, Duration deadline);

// A few requests in a row to one engine, their answers read. One that did not answer a question in
// time is not asked again in the same session. One thread at a time.
class EngineSession {
 public:
  EngineSession(EngineApi& api, const Clock& clock, EngineLimits limits)
      : api_(api), clock_(clock), limits_(limits) {}

  // Containers that have all these labels, running or not, in order of names.
  Result<std::vector<Container>> Containers(const LabelSelection& selection);
  // kNotFound where there is none of that name or id.
  Result<Container> Inspect(const std::string& name);
  Result<std::string> InspectText(const std::string& name);  // As the engine wrote it.

  // Whether a container with these labels was removed since; as far as the engine remembers.
  Result<bool> RemovedSince(const LabelSelection& selection, Time since);

  // Each kTimeout or kDataLoss: perhaps it did. Doing again what is so already is no error.
  Status Restart(const std::string& id, Duration grace);
  Status Start(const std::string& id);
  Status Stop(const std::string& id, Duration grace);
  Status Pause(const std::string& id);
  Status Unpause(const std::string& id);
  Status Update(const std::string& id, const std::string& body);
  // The id. kFailedPrecondition where the name is taken.
  Result<std::string> Create(const std::string& name, const std::string& body);
  Status Connect(const std::string& network, const std::string& body);
  Status Remove(const std::string& id);  // With its anonymous volumes. kNotFound where it is gone.

  // Any other request: one that only looks, and one that changes something (POST unless it says
  // otherwise). The body of the answer; an error where the engine refuses.
  Result<std::string> Ask(const EngineRequest& request);
  Result<std::string> Change(EngineRequest request);

  Duration TimeLeft() const { return limits_.end - clock_.Monotonic(); }
  // Waits a moment; false where the time is over.
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
