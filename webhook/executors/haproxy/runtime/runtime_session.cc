#include "webhook/executors/haproxy/runtime/runtime_session.h"

#include <fmt/core.h>

#include <algorithm>

#include "webhook/executors/haproxy/runtime/runtime_answer.h"

namespace promheal::healing {

Result<std::string> RuntimeSession::Run(const Result<RuntimeCommand>& command) {
  if (!command) return tl::make_unexpected(command.error());
  const Duration time = std::min(limits_.end - clock_.Monotonic(), limits_.per_command);
  if (hangs_ || time <= Duration(0)) {
    return Fail(ErrorCode::kUnavailable, "not asked: no time is left");
  }
  Result<std::string> answer = api_.Run(*command, time);
  if (!answer) hangs_ = answer.error().code == ErrorCode::kTimeout;
  return answer;
}

Result<ProcessInfo> RuntimeSession::Info() {
  const Result<std::string> answer = Run(RuntimeCommand::ShowInfo());
  if (!answer) return tl::make_unexpected(answer.error());
  return ParseProcessInfo(*answer);
}

Result<std::vector<ServerState>> RuntimeSession::AllServers() {
  const Result<std::string> answer = Run(RuntimeCommand::ShowAllServers());
  if (!answer) return tl::make_unexpected(answer.error());
  return ParseServerStates(*answer);
}

Result<std::vector<ServerState>> RuntimeSession::Servers(std::string_view backend) {
  const Result<std::string> answer = Run(RuntimeCommand::ShowServers(backend));
  if (!answer) return tl::make_unexpected(answer.error());
  return ParseServerStates(*answer);
}

Result<std::vector<ProxyStats>> RuntimeSession::ServerStats(std::string_view backend) {
  const Result<std::string> answer = Run(RuntimeCommand::ShowServerStats(backend));
  if (!answer) return tl::make_unexpected(answer.error());
  return ParseStats(*answer);
}

Result<std::vector<StickTableEntry>> RuntimeSession::Table(std::string_view table) {
  const Result<std::string> answer = Run(RuntimeCommand::ShowTable(table));
  if (!answer) return tl::make_unexpected(answer.error());
  return ParseStickTable(*answer);
}

Result<std::optional<StickTableEntry>> RuntimeSession::TableEntry(std::string_view table,
                                                                  std::string_view key) {
  const Result<std::string> answer = Run(RuntimeCommand::ShowTableEntry(table, key));
  if (!answer) return tl::make_unexpected(answer.error());
  const Result<std::vector<StickTableEntry>> entries = ParseStickTable(*answer);
  if (!entries) return tl::make_unexpected(entries.error());
  if (entries->empty()) return std::nullopt;
  if (entries->front().key != key) {
    return Fail(ErrorCode::kFailedPrecondition,
                fmt::format("table {} cuts the key '{}' to '{}': give it `type string len 64`",
                            table, key, OneSentence(entries->front().key)));
  }
  return entries->front();
}

Result<std::vector<MapEntry>> RuntimeSession::Map(std::string_view path) {
  const Result<std::string> answer = Run(RuntimeCommand::ShowMap(path));
  if (!answer) return tl::make_unexpected(answer.error());
  return ParseMap(*answer);
}

Result<std::vector<std::string>> RuntimeSession::Backends() {
  const Result<std::string> answer = Run(RuntimeCommand::ShowBackends());
  if (!answer) return tl::make_unexpected(answer.error());
  return ParseBackends(*answer);
}

Status RuntimeSession::Change(const Result<RuntimeCommand>& command) {
  const Result<std::string> answer = Run(command);
  if (!answer) return tl::make_unexpected(answer.error());
  return ReadOutcome(*answer);
}

}  // namespace promheal::healing
