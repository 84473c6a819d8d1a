#include "tests/integration/gateway_actions.h"

#include <fmt/core.h>

#include <utility>

#include "common/io/clock.h"

namespace promheal::healing {
namespace {

const SystemClock kClock;

}  // namespace

std::unique_ptr<OverrideExecutor> ExecutorOn(std::vector<std::string> sockets,
                                             HaproxyOptions options) {
  options.sockets = std::move(sockets);
  return MakeHaproxyExecutor(std::move(options), kClock);
}

Action ActionOn(const std::string& service, const std::string& instance) {
  static int intents = 0;
  Action action;
  action.id = fmt::format("intent/{}", ++intents);
  action.target = Labels{{"service", service}};
  action.labels = Labels{{"service", service}, {"instance", instance}};
  action.intended_at = kClock.Now();
  return action;
}

}  // namespace promheal::healing
