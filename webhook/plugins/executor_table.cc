#include "webhook/plugins/executor_table.h"

#include "webhook/executors/command/command_executor.h"
#include "webhook/executors/docker/docker_engine.h"
#include "webhook/executors/haproxy/haproxy_executor.h"
#include "webhook/executors/swarm/swarm_manager.h"

namespace promheal::healing {

const std::vector<ExecutorKind>& ExecutorKinds() {
  static const std::vector<ExecutorKind> kinds = {
      {"command", "runs a program with arguments, never a shell",
       [](YamlMap& map, const Clock& clock) -> std::unique_ptr<Executor> {
         return std::make_unique<CommandExecutor>(ReadCommandOptions(map), clock);
       },
       CommandReference},
      {"haproxy", "changes running HAProxies through their Runtime API",
       [](YamlMap& map, const Clock& clock) -> std::unique_ptr<Executor> {
         return MakeHaproxyExecutor(ReadHaproxyOptions(map), clock);
       },
       HaproxyReference},
      {"docker", "acts on containers through the engine's socket",
       [](YamlMap& map, const Clock& clock) -> std::unique_ptr<Executor> {
         return MakeDockerExecutor(ReadDockerOptions(map), clock);
       },
       DockerReference},
      {"swarm", "acts on services of a Docker Swarm through the socket of a manager",
       [](YamlMap& map, const Clock& clock) -> std::unique_ptr<Executor> {
         return MakeSwarmExecutor(ReadSwarmOptions(map), clock);
       },
       SwarmReference},
  };
  return kinds;
}

}  // namespace promheal::healing
