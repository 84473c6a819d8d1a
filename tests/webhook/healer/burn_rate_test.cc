// Heals on an alert of other people's rules: webhook/examples/burn-rate.yml.
#include <gtest/gtest.h>

#include "common/io/file.h"
#include "tests/webhook/healer/world.h"

namespace promheal::healing {
namespace {

using namespace std::chrono_literals;
using samples::World;

// The file as it is, except for the mode: people set `auto` once they trust it.
std::shared_ptr<HealingConfig> Example() {
  const std::string path = std::string(PROMHEAL_SOURCE_DIR) + "/webhook/examples/burn-rate.yml";
  std::string text = *ReadFile(path);
  const std::string mode = "mode: shadow";
  text.replace(text.find(mode), mode.size(), "mode: auto");
  static const SystemClock clock;
  const auto config = ParseConfig("burn-rate.yml", text, clock);
  EXPECT_TRUE(config) << config.error().message;
  return std::const_pointer_cast<HealingConfig>(*config);
}

// As Sloth's rule for the SLO "requests-availability" of orders labels it.
AlertNotice SlothAlert(const std::string& severity) {
  AlertNotice notice;
  notice.fingerprint = "sloth-" + severity;
  notice.labels = Labels{{"alertname", "OrdersHighErrorRate"},
                         {"category", "availability"},
                         {"sloth_id", "orders-requests-availability"},
                         {"sloth_service", "orders"},
                         {"sloth_severity", severity},
                         {"sloth_slo", "requests-availability"}};
  notice.annotations["title"] =
      "(" + severity + ") orders requests-availability SLO error budget burn rate is too fast.";
  notice.starts_at = samples::Start();
  return notice;
}

// The world knows services by their label `service`, which targets do not have here.
constexpr char kService[] = "";

TEST(BurnRateTest, APageOfABurningErrorBudgetIsHealedWithoutARuleOfOurs) {
  World world(Example());
  world.Break(kService);
  world.Deliver({SlothAlert("page")});
  world.Run(5min);
  ASSERT_EQ(world.performed().size(), 1U);
  EXPECT_EQ(world.performed()[0].action, "restart");
  // The alert looks an hour back, so it fires on; data have said long before that it is over.
  AlertNotice resolved = SlothAlert("page");
  resolved.status = AlertStatus::kResolved;
  resolved.ends_at = samples::At(3600);
  world.Deliver({resolved}, 55min);
  world.Run(1h);
  EXPECT_EQ(world.performed().size(), 1U);
  ASSERT_EQ(world.Closed().size(), 1U);
  EXPECT_EQ(world.Closed()[0].outcome, Outcome::kHealed);
  EXPECT_EQ(world.Closed()[0].target, (Labels{{"sloth_service", "orders"}}));
}

TEST(BurnRateTest, ATicketIsForPeople) {
  World world(Example());
  world.Break(kService);
  world.Deliver({SlothAlert("ticket")});
  world.Run(5min);
  EXPECT_TRUE(world.performed().empty());
}

TEST(BurnRateTest, ThePagesCommandNamesTheService) {
  const auto config = Example();
  Action action{.id = "1", .name = "restart"};
  action.labels = SlothAlert("page").labels;
  EXPECT_TRUE(config->executors.at("restart")->Check(action));
  action.labels.Set("sloth_service", "orders; reboot");
  EXPECT_FALSE(config->executors.at("restart")->Check(action));
  EXPECT_TRUE(IsProtected(config->policies, Labels{{"sloth_service", "prometheus"}}));
}

}  // namespace
}  // namespace promheal::healing
