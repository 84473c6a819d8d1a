#include <algorithm>
#include <chrono>
#include <random>

#include "tests/webhook/healer/world.h"
#include "tests/webhook/properties/history.h"

namespace promheal::healing::samples {

std::set<std::pair<std::string, std::string>> ActionsOf(const History& history, unsigned order) {
  std::mt19937 random(order);
  PolicySet policies = Policies();
  policies.budgets.in_flight = 16;
  World world(Config(policies));
  std::vector<AlertNotice> notices;
  for (const Event& event : history) {
    const std::string& service = kServices[static_cast<size_t>(event.service)];
    const std::string& scenario = ScenarioOf(event);
    const AlertNotice firing = Firing(scenario, service, scenario, -event.value);
    if (event.happening == Happening::kBreak) world.Break(service);
    if (event.happening == Happening::kAlert) notices.push_back(firing);
    if (event.happening == Happening::kResolve) {
      notices.push_back(firing);
      notices.push_back(Resolved(firing, 0));
    }
  }
  if (order > 0) {
    const size_t distinct = notices.size();
    for (size_t i = 0; i < distinct; ++i) {
      if (random() % 2 == 0) notices.push_back(notices[random() % distinct]);
    }
    std::shuffle(notices.begin(), notices.end(), random);
  }
  for (size_t i = 0; i < notices.size();) {
    const size_t size =
        order == 0 ? notices.size() : std::min<size_t>(1 + random() % 4, notices.size() - i);
    const auto begin = notices.begin() + static_cast<std::ptrdiff_t>(i);
    world.Deliver({begin, begin + static_cast<std::ptrdiff_t>(size)}, Duration(random() % 1500));
    i += size;
  }
  world.Run(std::chrono::seconds(100));
  std::set<std::pair<std::string, std::string>> actions;
  for (const World::Performed& performed : world.performed()) {
    actions.emplace(performed.service, performed.action);
  }
  return actions;
}

}  // namespace promheal::healing::samples
