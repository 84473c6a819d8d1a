#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "tests/support/fake_clock.h"
#include "webhook/executors/override_executor.h"

namespace promheal::healing {

// Shared by tests of executors on engines in memory: a clock that stands still, and actions that
// begin at its time.
class ExecutorFixture : public testing::Test {
 protected:
  // An action with a new intent.
  Action ActionOn(const std::string& service) {
    Action action;
    action.id = "intent/" + std::to_string(++intents_);
    action.target = Labels{{"service", service}};
    action.labels = action.target;
    action.intended_at = clock_.Now();
    return action;
  }
  static OverrideExecutor& Held(const std::unique_ptr<Executor>& executor) {
    return *AsOverrideExecutor(*executor);
  }
  static Override Applied(OverrideExecutor& executor, const Action& action) {
    const auto held = executor.Prepare(action, kDeadline);
    EXPECT_TRUE(held) << held.error().message;
    const OverrideReport report = executor.Apply(held.value(), kDeadline);
    EXPECT_EQ(report.result, ActionResult::kDone) << report.detail;
    return report.now;
  }

  static constexpr Duration kDeadline = std::chrono::seconds(20);
  support::FakeClock clock_{Time(std::chrono::seconds(1'767'225'600))};

 private:
  int intents_ = 0;
};

}  // namespace promheal::healing
