#include "webhook/executors/change_reports.h"

#include <fmt/core.h>

#include <algorithm>

namespace promheal::healing {
namespace {

bool MustNameKeeper(const Override& held, const OverrideChange& change) {
  return std::any_of(held.changes.begin(), held.changes.end(), [&](const OverrideChange& other) {
    return other.keeper != change.keeper && PlaceOf(other) == PlaceOf(change);
  });
}

}  // namespace

ActionResult WorseOf(ActionResult a, ActionResult b) {
  if (a == ActionResult::kUnknown || b == ActionResult::kUnknown) return ActionResult::kUnknown;
  return a == ActionResult::kFailed ? a : b;
}

OverrideReport Together(const Override& held, const std::vector<ChangeReport>& reports) {
  OverrideReport all{.result = ActionResult::kDone, .detail = "", .now = held, .found = {}};
  for (size_t i = 0; i < reports.size(); ++i) {
    const OverrideChange& change = held.changes[i];
    all.result = WorseOf(all.result, reports[i].result);
    all.found.push_back(reports[i].found);
    all.now.changes[i] = reports[i].now;
    all.detail += fmt::format("{}{}{}: {}", i == 0 ? "" : "; ",
                              MustNameKeeper(held, change) ? change.keeper + ' ' : "",
                              change.subject, reports[i].text);
  }
  return all;
}

ChangeReport KeeperNotConfigured(const OverrideChange& change) {
  return {.result = ActionResult::kFailed, .text = "its socket is not configured", .now = change};
}

}  // namespace promheal::healing
