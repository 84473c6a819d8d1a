#include "tests/webhook/properties/history.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <random>
#include <string_view>

namespace promheal::healing::samples {
namespace {

constexpr std::array<std::string_view, kHappeningCount> kNames = {
    "breaks",
    "recovers by itself",
    "alert",
    "alerts are resolved",
    "has no data",
    "has data again",
    "executor fails",
    "executor works",
    "healer dies at I/O call",
    "healer is killed",
    "gateway is reloaded",
    "gateway is away",
    "gateway is back",
    "a person sets something else",
    "a person takes everything back",
    "clock is set back by seconds",
    "clock is set forward by seconds",
    "healing is paused",
    "healing is resumed",
    "is silenced",
    "is not silenced any more",
    "everything is released",
};

// The relative frequency of each, in the order of the enum.
constexpr std::array<int, kHappeningCount> kWeights = {12, 4, 8, 6, 2, 4, 3, 5, 5, 2, 2,
                                                       1,  3, 2, 1, 1, 1, 1, 2, 2, 2, 1};

// Removes `count` events from `at` on; with `in_time` the time after them still passes.
History Without(History history, size_t at, size_t count, bool in_time) {
  const auto begin = history.begin() + static_cast<std::ptrdiff_t>(at);
  const auto end = begin + static_cast<std::ptrdiff_t>(std::min(count, history.size() - at));
  if (in_time && at > 0) {
    for (auto removed = begin; removed != end; ++removed) history[at - 1].then += removed->then;
  }
  history.erase(begin, end);
  return history;
}

}  // namespace

const std::string& ScenarioOf(const Event& event) {
  static const std::vector<std::string> kScenarios = {"crash", "latency", "errors", "traffic_drop"};
  return kScenarios[static_cast<size_t>(event.value) % kScenarios.size()];
}

History RandomHistory(unsigned seed, size_t events, const std::vector<Happening>& only) {
  std::mt19937 random(seed);
  std::discrete_distribution<int> draw(kWeights.begin(), kWeights.end());
  History history;
  while (history.size() < events) {
    const auto happening = static_cast<Happening>(draw(random));
    if (!only.empty() && std::find(only.begin(), only.end(), happening) == only.end()) continue;
    history.push_back({happening, static_cast<int>(random() % kServices.size()),
                       static_cast<int>(random() % 30), Duration(random() % 15000)});
  }
  return history;
}

std::string ToString(const History& history) {
  std::string text;
  for (const Event& event : history) {
    text +=
        fmt::format("  {} {} ({}), then {} ms\n", kServices[static_cast<size_t>(event.service)],
                    kNames[static_cast<size_t>(event.happening)], event.value, event.then.count());
  }
  return text;
}

History Shrink(History history, const Check& check) {
  for (size_t chunk = std::max<size_t>(1, history.size() / 2); chunk > 0; chunk /= 2) {
    for (bool shorter = true; shorter;) {
      shorter = false;
      for (size_t at = 0; at < history.size();) {
        History without = Without(history, at, chunk, false);
        if (!check(without)) without = Without(history, at, chunk, true);
        if (check(without)) {
          history = std::move(without);
          shorter = true;
        } else {
          at += chunk;
        }
      }
    }
  }
  for (size_t at = 0; at < history.size(); ++at) {
    History sooner = history;
    sooner[at].then = Duration(0);
    if (check(sooner)) history = std::move(sooner);
  }
  return history;
}

}  // namespace promheal::healing::samples
