#include "webhook/core/scenario.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/webhook/core/samples.h"

namespace promheal::healing {
namespace {

using samples::Firing;
using samples::RecordOf;
using samples::Resolved;

TEST(ScenarioTest, UnlistedComeAfterListedAndNoneComesLast) {
  const ScenarioPrecedence precedence = {"crash", "errors"};
  EXPECT_LT(ScenarioRank(precedence, "crash"), ScenarioRank(precedence, "errors"));
  EXPECT_LT(ScenarioRank(precedence, "errors"), ScenarioRank(precedence, "mine"));
  EXPECT_LT(ScenarioRank(precedence, "mine"), ScenarioRank(precedence, ""));
}

TEST(ScenarioTest, TheMostSeriousAlertNamesTheIncidentInWhateverOrderTheyCome) {
  const AlertRecord drop = RecordOf(Firing("Drop", "orders", "traffic_drop"));
  const AlertRecord errors = RecordOf(Firing("Errors", "orders", "errors"));
  const AlertRecord crash = RecordOf(Firing("Crash", "orders", "crash", 5));
  std::vector<const AlertRecord*> alerts = {&crash, &drop, &errors};
  std::sort(alerts.begin(), alerts.end());
  do {
    EXPECT_EQ(NamingAlert(DefaultScenarioPrecedence(), alerts), &crash);
  } while (std::next_permutation(alerts.begin(), alerts.end()));
}

TEST(ScenarioTest, AnAlertThatFiresComesBeforeAMoreSeriousOneThatIsOver) {
  const AlertNotice notice = Firing("Crash", "orders", "crash");
  AlertRecord crash = RecordOf(notice);
  Merge(crash, Resolved(notice, 1), samples::At(2), std::chrono::minutes(1));
  const AlertRecord errors = RecordOf(Firing("Errors", "orders", "errors"));
  EXPECT_EQ(NamingAlert(DefaultScenarioPrecedence(), {&crash, &errors}), &errors);
}

TEST(ScenarioTest, SeverityBreaksATie) {
  AlertNotice warning = Firing("A", "orders", "errors");
  warning.labels.Set("severity", "warning");
  const AlertRecord a = RecordOf(warning);
  const AlertRecord b = RecordOf(Firing("B", "orders", "errors", 9));
  EXPECT_EQ(NamingAlert(DefaultScenarioPrecedence(), {&a, &b}), &b);
  EXPECT_EQ(NamingAlert(DefaultScenarioPrecedence(), {}), nullptr);
}

}  // namespace
}  // namespace promheal::healing
