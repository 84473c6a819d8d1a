#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "tests/support/fake_clock.h"
#include "webhook/executors/override_executor.h"

namespace promheal::healing {

// What tests of executors on engines in memory share: a clock that stands still, and how actions
// are begun on it.
class ExecutorFixture : public testing::Test {
 protected:
  // Each with an intent of its own.
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
