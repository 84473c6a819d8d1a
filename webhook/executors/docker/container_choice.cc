#include "webhook/executors/docker/container_choice.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace promheal::healing {
namespace {

constexpr std::string_view kNumberLabel = "com.docker.compose.container-number";

bool Fits(DockerOperation operation, const Container& container, bool several) {
  switch (operation) {
    case DockerOperation::kRestart:
      return !several || IsBroken(container);
    case DockerOperation::kStart:
      return container.status == "exited" || container.status == "created";
    case DockerOperation::kUnpause:
      return container.status == "paused";
    default:
      return Runs(container);
  }
}

std::string Names(const std::vector<Container>& containers) {
  std::vector<std::string> names;
  for (const Container& container : containers) names.push_back(container.name);
  return fmt::format("{}", fmt::join(names, ", "));
}

bool TakesAway(DockerOperation operation) {
  return operation == DockerOperation::kStop || operation == DockerOperation::kPause;
}

// "shop_orders_2" is "shop_orders_" and 2; a name without a number at its end is "" and 0.
std::pair<std::string, int> SplitNumber(const std::string& name) {
  const size_t start = name.find_last_not_of("0123456789") + 1;
  int number = 0;
  const char* end = name.data() + name.size();
  const auto [rest, error] = std::from_chars(name.data() + start, end, number);
  const bool separated = start > 0 && (name[start - 1] == '_' || name[start - 1] == '-');
  if (error != std::errc() || rest != end || !separated) return {"", 0};
  return {name.substr(0, start), number};
}

int NumberOf(const Container& container) {
  int number = 0;
  const std::string_view label = container.Label(kNumberLabel);
  std::from_chars(label.data(), label.data() + label.size(), number);
  return std::max(number, SplitNumber(container.name).second);
}

// Broken containers first: they are the smallest loss.
void OrderForTaking(std::vector<Container>& containers) {
  std::stable_sort(
      containers.begin(), containers.end(),
      [](const Container& a, const Container& b) { return IsBroken(a) > IsBroken(b); });
}

}  // namespace

Result<std::vector<Container>> ChooseContainers(const DockerOptions& options,
                                                std::vector<Container> matching) {
  if (matching.empty()) {
    return Fail(ErrorCode::kNotFound,
                fmt::format("no container has these labels and {}={}", options.enable_label.first,
                            options.enable_label.second));
  }
  const std::string all = Names(matching);
  const auto serving = std::count_if(matching.begin(), matching.end(), Runs);
  const bool several = matching.size() > 1;
  std::erase_if(matching, [&](const Container& container) {
    return !Fits(options.operation, container, several);
  });
  if (matching.empty()) {
    return Fail(ErrorCode::kFailedPrecondition,
                fmt::format("nothing to {}: none of {} is in a state for it",
                            InfoOf(options.operation).name, all));
  }
  const auto most = static_cast<size_t>(options.at_most);
  if (TakesAway(options.operation)) {
    OrderForTaking(matching);
    if (matching.size() > most) matching.resize(most);
    if (serving - static_cast<int64_t>(matching.size()) < options.min_running) {
      return Fail(ErrorCode::kFailedPrecondition,
                  fmt::format("refused: fewer than {} of {} would go on running",
                              options.min_running, all));
    }
  }
  if (matching.size() > most) {
    return Fail(
        ErrorCode::kFailedPrecondition,
        fmt::format("{} match, more than at_most {}: {}", matching.size(), most, Names(matching)));
  }
  return matching;
}

Result<CopyPlan> PlanCopy(const DockerOptions& options, const std::vector<Container>& matching) {
  const auto origin =
      std::find_if(matching.begin(), matching.end(), [](const Container& container) {
        return !IsBroken(container) && container.Label(kMadeByLabel).empty();
      });
  if (origin == matching.end()) {
    return Fail(ErrorCode::kFailedPrecondition, "no running container can be copied");
  }
  if (matching.size() >= static_cast<size_t>(options.most)) {
    return Fail(ErrorCode::kFailedPrecondition,
                fmt::format("refused: there are {} already, and at most {} are allowed",
                            matching.size(), options.most));
  }
  CopyPlan plan{.origin = *origin, .name = "", .number = 1};
  for (const Container& container : matching)
    plan.number = std::max(plan.number, NumberOf(container));
  ++plan.number;
  const std::string stem = SplitNumber(origin->name).first;
  plan.name = fmt::format("{}{}", stem.empty() ? origin->name + '-' : stem, plan.number);
  return plan;
}

Result<Container> ChooseSurplus(const std::vector<Container>& matching) {
  const Container* newest = nullptr;
  for (const Container& container : matching) {
    if (container.Label(kMadeByLabel).empty()) continue;
    if (newest == nullptr || NumberOf(container) > NumberOf(*newest)) newest = &container;
  }
  if (newest != nullptr) return *newest;
  return Fail(ErrorCode::kFailedPrecondition, "none of the containers was made by scale_out");
}

}  // namespace promheal::healing
