#pragma once

#include <memory>
#include <string>
#include <utility>

#include "webhook/executors/docker/docker_engine.h"
#include "webhook/executors/executor.h"

namespace promheal::healing {

// Operations that do not stay in force: restart, start, unpause, scale_in. Several containers come
// one after the other, and the first failure ends the action. The engine carries out a request even
// after the deadline; a container therefore gets at most half of the deadline to end.
class DockerExecutor final : public Executor {
 public:
  explicit DockerExecutor(std::unique_ptr<DockerEngine> engine) : engine_(std::move(engine)) {}

  std::string description() const override;
  std::string_view not_undone() const override;
  Status Check(const Action& action) const override { return engine_->Check(action); }
  Receipt Execute(const Action& action, Duration deadline) override;
  ObservationReport Observe(const Action& action) override;
  Result<std::string> Rehearse(const Action& action, Duration deadline) override;
  Result<std::string> Probe(Duration deadline) override;

 private:
  Result<std::vector<Container>> Choose(EngineSession& session, const Action& action) const;
  Receipt CarryOut(EngineSession& session, const Action& action, const Container& container);
  Receipt Restart(EngineSession& session, const Container& container);

  const std::unique_ptr<DockerEngine> engine_;
};

}  // namespace promheal::healing
