#include "webhook/executors/command/command_executor.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/support/temp_directory.h"
#include "tests/webhook/core/samples.h"
#include "webhook/executors/command/start_time.h"

namespace promheal::healing {
namespace {

Action ActionOn(const std::string& service) {
  Action action;
  action.name = "restart";
  action.target = Labels{{"service", service}};
  action.labels = action.target;
  action.intended_at = samples::Start() + Duration(250);
  return action;
}

ArgumentTemplates Templates(const std::vector<std::string>& texts) {
  return ArgumentTemplates(texts.begin(), texts.end());
}

class CommandExecutorTest : public testing::Test {
 protected:
  Receipt Execute(const std::vector<std::string>& argv, const std::string& service = "orders",
                  Duration deadline = std::chrono::seconds(20)) {
    CommandExecutor executor({.command = Templates(argv)}, clock_);
    return executor.Execute(ActionOn(service), deadline);
  }
  ObservationReport Observe(ObserveBy by, const std::vector<std::string>& argv) {
    CommandExecutor executor(
        {.command = Templates({"true"}), .observe_by = by, .observe = Templates(argv)}, clock_);
    return executor.Observe(ActionOn("orders"));
  }
  SystemClock clock_;
};

TEST_F(CommandExecutorTest, ZeroIsDoneAnythingElseFailed) {
  const Receipt done = Execute({"echo", "{service}:*", "{intent_time}"});
  EXPECT_EQ(done.result, ActionResult::kDone);
  EXPECT_EQ(done.detail, "exit status 0: orders:* 1767225600.250");
  const Receipt failed = Execute({"sh", "-c", "echo one; echo; echo two >&2; exit 4"});
  EXPECT_EQ(failed.result, ActionResult::kFailed);
  EXPECT_EQ(failed.detail, "exit status 4: one; two");
  EXPECT_EQ(Execute({"/no/such/program"}).result, ActionResult::kFailed);
}

TEST_F(CommandExecutorTest, NoEndBeforeTheDeadlineIsUnknown) {
  EXPECT_EQ(Execute({"sleep", "60"}, "orders", Duration(300)).result, ActionResult::kUnknown);
}

TEST_F(CommandExecutorTest, HostileValuesRunNothing) {
  const support::TempDirectory directory;
  const std::string proof = directory.PathOf("proof");
  const char* hostile[] = {
      "",     "-rf", "--help",    "$(touch x)", "`id`",        "a b",  "a;b",
      "a|b",  "a&b", "a>b",       "../../etc",  "/etc/passwd", "a\nb", "a\rb",
      "a\tb", "*",   "?",         "~root",      "{service}",   "\"",   "'",
      "\\",   "%2e", "a\xc3\xa9", "\xff",       "#",           "!",    "=x",
      ":x",   "@x",  ".hidden",   "a,b",        "a$b",         "a%sb", "\x7f",
  };
  for (const char* value : hostile) {
    CommandExecutor executor({.command = Templates({"touch", proof + "{service}"})}, clock_);
    const Action action = ActionOn(value);
    EXPECT_FALSE(executor.Check(action)) << value;
    EXPECT_EQ(executor.Execute(action, std::chrono::seconds(5)).result, ActionResult::kFailed);
  }
  const std::string long_value(254, 'a');
  EXPECT_FALSE(CheckArgumentValue("service", long_value));
  EXPECT_EQ(Execute({"ls", "-A", directory.path()}).detail, "exit status 0");
}

TEST_F(CommandExecutorTest, OrdinaryNamesPass) {
  for (const char* value :
       {"orders", "orders-1", "10.0.0.1:9100", "orders_v2.eu", "getty@tty1", "0f", "_x", "a--b"}) {
    EXPECT_TRUE(CheckArgumentValue("service", value)) << value;
  }
}

// For any values: as many arguments as templates, and always the configured program.
TEST_F(CommandExecutorTest, NoValueChangesTheNumberOfArgumentsOrTheProgram) {
  std::mt19937 random(20260101);
  const ArgumentTemplates templates = Templates({"prog", "x{service}y", "{zone}", "{{.Go}}"});
  int rendered = 0;
  for (int i = 0; i < 5000; ++i) {
    const auto text = [&] {
      std::string s;
      const size_t length = random() % 6;
      for (size_t j = 0; j < length; ++j) {
        s += random() % 4 == 0 ? static_cast<char>(random() % 256)
                               : "abz09_.:@- ;{}$"[random() % 15];
      }
      return s;
    };
    Action action = ActionOn(text());
    action.labels.Set("zone", text());
    const auto arguments = RenderArguments(templates, action);
    if (!arguments) continue;
    ++rendered;
    ASSERT_EQ(arguments->size(), 4U);
    EXPECT_EQ((*arguments)[0], "prog");
    EXPECT_EQ((*arguments)[1], "x" + std::string(action.labels.Get("service")) + "y");
    EXPECT_EQ((*arguments)[3], "{{.Go}}");
    for (const char c : (*arguments)[2]) EXPECT_NE(std::string(" ;{}$\n/").find(c), 0U);
  }
  EXPECT_GT(rendered, 50);
}

TEST_F(CommandExecutorTest, ObservesByExitStatus) {
  const auto observe = [&](const char* script) {
    return Observe(ObserveBy::kExitStatus, {"sh", "-c", script}).observation;
  };
  EXPECT_EQ(observe("exit 0"), Observation::kHappened);
  EXPECT_EQ(observe("exit 1"), Observation::kNotHappened);
  EXPECT_EQ(observe("exit 2"), Observation::kUnknown);
  EXPECT_EQ(observe("kill -9 $$"), Observation::kUnknown);
  EXPECT_EQ(Observe(ObserveBy::kNothing, {}).observation, Observation::kUnknown);
  EXPECT_EQ(Observe(ObserveBy::kExitStatus, {"/no/such"}).observation, Observation::kUnknown);
}

TEST_F(CommandExecutorTest, ObservesByStartTime) {
  const auto observe = [&](const char* text) {
    return Observe(ObserveBy::kStartTime, {"echo", text}).observation;
  };
  // The time of the intent is 2026-01-01T00:00:00.250Z.
  EXPECT_EQ(observe("2026-01-01T00:00:01.5Z"), Observation::kHappened);
  EXPECT_EQ(observe("2025-12-31T23:59:59.9Z"), Observation::kNotHappened);
  EXPECT_EQ(observe("@1767225601"), Observation::kHappened);
  EXPECT_EQ(observe("@1767225599"), Observation::kNotHappened);
  EXPECT_EQ(observe("@1767225600"), Observation::kUnknown) << "whole seconds cannot tell";
  EXPECT_EQ(observe("yesterday"), Observation::kUnknown);
  EXPECT_EQ(Observe(ObserveBy::kStartTime, {"false"}).observation, Observation::kUnknown);
}

}  // namespace
}  // namespace promheal::healing
