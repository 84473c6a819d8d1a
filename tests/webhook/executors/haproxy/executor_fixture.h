#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/webhook/executors/haproxy/fake_haproxy.h"
#include "webhook/executors/haproxy/haproxy_executor.h"

namespace promheal::healing {

// Executors on one or two HAProxies in memory, known as "a" and "b".
class HaproxyExecutorFixture : public testing::Test {
 protected:
  using When = FakeHaproxy::When;

  std::unique_ptr<HaproxyExecutor> Executor(HaproxyOptions options, size_t gateways = 1) {
    std::vector<Gateway> all;
    all.push_back({"a", a_.Api()});
    if (gateways > 1) all.push_back({"b", b_.Api()});
    return std::make_unique<HaproxyExecutor>(std::move(options), std::move(all), clock_);
  }

  Action ActionOn(const std::string& service, const std::string& instance = "") {
    Action action;
    action.id = "intent/" + std::to_string(++intents_);
    action.target = Labels{{"service", service}};
    action.labels = Labels{{"service", service}, {"instance", instance}};
    action.intended_at = clock_.Now();
    return action;
  }

  // Loses one command before it arrives, or carries it out and loses the answer.
  static void Break(FakeHaproxy& haproxy, const std::string& command, ErrorCode code,
                    When when = When::kBefore) {
    haproxy.trouble = [=](const std::string& text) -> std::optional<FakeHaproxy::Trouble> {
      if (text.find(command) == std::string::npos) return std::nullopt;
      return FakeHaproxy::Trouble{when, {code, "trouble"}};
    };
  }

  static constexpr Duration kDeadline = std::chrono::seconds(10);
  support::FakeClock clock_{Time(std::chrono::seconds(1'767'225'600))};
  FakeHaproxy a_{clock_};
  FakeHaproxy b_{clock_};
  int intents_ = 0;
};

}  // namespace promheal::healing
