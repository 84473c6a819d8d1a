#include "webhook/executors/command/command_executor.h"

#include <fmt/core.h>

#include "webhook/executors/command/start_time.h"

namespace promheal::healing {
namespace {

// The output as one short line for people, without characters that could break a log.
std::string OneLine(std::string_view output) {
  constexpr size_t kMaxLength = 200;
  std::string line;
  for (const char c : output) {
    if (line.size() == kMaxLength) return line + "...";
    if (c == '\n') {
      if (!line.empty() && !line.ends_with("; ")) line += "; ";
    } else {
      line += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
    }
  }
  if (line.ends_with("; ")) line.resize(line.size() - 2);
  return line;
}

std::string HowItEnded(const ProcessResult& result) {
  const std::string how = result.signal != 0 ? fmt::format("ended by signal {}", result.signal)
                                             : fmt::format("exit status {}", result.exit_status);
  const std::string output = OneLine(result.output);
  return output.empty() ? how : how + ": " + output;
}

ObservationReport ByExitStatus(const ProcessResult& result) {
  const std::string detail = HowItEnded(result);
  if (result.exit_status == 0) return {Observation::kHappened, detail};
  if (result.exit_status == 1) return {Observation::kNotHappened, detail};
  return {Observation::kUnknown, detail};
}

ObservationReport ByStartTime(const ProcessResult& result, Time intended_at) {
  if (result.exit_status != 0) return {Observation::kUnknown, HowItEnded(result)};
  const Result<StartTime> start = ParseStartTime(result.output);
  if (!start) return {Observation::kUnknown, start.error().message};
  return {CompareStart(*start, intended_at), "started at " + FormatRfc3339(start->time)};
}

}  // namespace

std::string CommandReference() {
  return "The program decides what it changes. It must be safe to repeat. An `observe` command "
         "tells\n"
         "whether it has taken place. It has no undo: use another executor for changes that must "
         "be\n"
         "taken back.\n";
}

std::string CommandExecutor::description() const {
  return "command: " + ToString(options_.command);
}

Status CommandExecutor::Check(const Action& action) const {
  for (const ArgumentTemplates* templates : {&options_.command, &options_.observe}) {
    if (auto arguments = RenderArguments(*templates, action); !arguments) {
      return tl::make_unexpected(arguments.error());
    }
  }
  return {};
}

Receipt CommandExecutor::Execute(const Action& action, Duration deadline) {
  auto arguments = RenderArguments(options_.command, action);
  if (!arguments) return {ActionResult::kFailed, arguments.error().message};
  const auto result = RunProcess({.arguments = std::move(*arguments),
                                  .environment = options_.environment,
                                  .deadline = deadline},
                                 clock_);
  if (!result) return {ActionResult::kFailed, result.error().message};
  if (result->timed_out) {
    return {ActionResult::kUnknown, "killed, because it was still running at its deadline"};
  }
  return {result->exit_status == 0 ? ActionResult::kDone : ActionResult::kFailed,
          HowItEnded(*result)};
}

ObservationReport CommandExecutor::Observe(const Action& action) {
  if (options_.observe_by == ObserveBy::kNothing) {
    return {Observation::kUnknown, "the action has no observe command"};
  }
  auto arguments = RenderArguments(options_.observe, action);
  if (!arguments) return {Observation::kUnknown, arguments.error().message};
  const auto result = RunProcess({.arguments = std::move(*arguments),
                                  .environment = options_.environment,
                                  .deadline = options_.observe_timeout},
                                 clock_);
  if (!result) return {Observation::kUnknown, result.error().message};
  if (result->timed_out) return {Observation::kUnknown, "the observe command did not end in time"};
  return options_.observe_by == ObserveBy::kExitStatus ? ByExitStatus(*result)
                                                       : ByStartTime(*result, action.intended_at);
}

}  // namespace promheal::healing
