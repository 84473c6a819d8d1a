// Measures promheal's overrides on a real HAProxy with services/gateway/haproxy.cfg:
//
//   gateway_bench                      needs haproxy in PROMHEAL_TOOLS or PATH
//
// Prints Markdown for docs/gateway.md: the share that a throttle of 40 % sheds at several rates,
// how long a throttle lasts that is not renewed, and how soon a new server gets its first request.
#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <thread>
#include <vector>

#include "tests/integration/gateway_actions.h"
#include "tests/integration/shop_gateway.h"
#include "tests/integration/steady_load.h"
#include "tests/support/tool.h"
#include "tests/support/wait.h"
#include "webhook/executors/haproxy/haproxy_executor.h"

namespace promheal::healing {
namespace {

using std::chrono::seconds;

constexpr Duration kDeadline = seconds(10);
constexpr int kRuns = 7;
const SystemClock kClock;

[[noreturn]] void GiveUp(const std::string& why) {
  fmt::print(stderr, "{}\n", why);
  std::exit(1);
}

Override Apply(OverrideExecutor& executor, const Action& action) {
  const auto held = executor.Prepare(action, kDeadline);
  if (!held) GiveUp(held.error().message);
  const OverrideReport report = executor.Apply(*held, kDeadline);
  if (report.result != ActionResult::kDone) GiveUp(report.detail);
  return report.now;
}

void Undo(OverrideExecutor& executor, const Override& held) {
  const bool undone = support::WaitUntil(
      [&] { return executor.Undo(held, kDeadline).result == ActionResult::kDone; }, kDeadline);
  if (!undone) GiveUp("the override cannot be undone");
}

void Throttle(ShopGateway& gateway) {
  fmt::print(
      "| offered, requests/s | achieved | requests | shed by a throttle of 40 % |\n"
      "|---|---|---|---|\n");
  const auto executor = ExecutorOn({gateway.haproxy().socket()},
                                   {.operation = HaproxyOperation::kThrottle, .percent = 40});
  for (const double rate : {500.0, 1000.0, 2000.0}) {
    const Override held = Apply(*executor, ActionOn("payments"));
    const SteadyLoad load = Offer({.port = gateway.port(),
                                   .path = "/payments/x",
                                   .requests_per_second = rate,
                                   .duration = seconds(10),
                                   .connections = 16});
    Undo(*executor, held);
    fmt::print("| {:.0f} | {:.0f} | {} | {:.2f} % |\n", rate, load.achieved_per_second, load.total,
               100 * load.ShareOf(429));
    for (const auto& [status, times] : load.statuses) {
      if (status != 200 && status != 429) fmt::print("\n{} answers {}\n", times, status);
    }
  }
}

void Expiry(ShopGateway& gateway) {
  const auto executor = ExecutorOn({gateway.haproxy().socket()},
                                   {.operation = HaproxyOperation::kThrottle, .percent = 100});
  const Duration start = kClock.Monotonic();
  Apply(*executor, ActionOn("orders"));
  support::WaitUntil([&] { return gateway.StatusOf("orders") == 200; }, seconds(30));
  fmt::print("\nA throttle that is not renewed is gone after {:.1f} s.\n",
             static_cast<double>((kClock.Monotonic() - start).count()) / 1000);
}

// Time from the decision to the new server's first request, under 200 requests/s.
void Joining(ShopGateway& gateway, const char* operation, OverrideExecutor& executor,
             const ShopSlot& slot, const Action& action) {
  std::vector<double> waits;
  for (int run = 0; run < kRuns; ++run) {
    std::thread users([&] {
      Offer({.port = gateway.port(),
             .path = "/orders/x",
             .requests_per_second = 200,
             .duration = seconds(4)});
    });
    support::WaitUntil([] { return false; }, Duration(500));
    Action now = action;
    now.id = ActionOn("").id;
    const int before = slot.requests();
    const Duration start = kClock.Monotonic();
    const Override held = Apply(executor, now);
    if (!support::WaitUntil([&] { return slot.requests() > before; }, seconds(10))) {
      GiveUp("the new server got no request");
    }
    waits.push_back(static_cast<double>((kClock.Monotonic() - start).count()) / 1000);
    users.join();
    Undo(executor, held);
  }
  std::sort(waits.begin(), waits.end());
  fmt::print("| {} | {:.2f} | {:.2f} |\n", operation, waits[waits.size() / 2], waits.back());
}

int Run() {
  if (!support::FindTool("haproxy")) {
    fmt::print(stderr, "{}\n", support::MissingTool("haproxy"));
    return 77;
  }
  ShopGateway gateway;
  Throttle(gateway);
  Expiry(gateway);
  fmt::print("\n| first request after, s | median of {} | worst |\n|---|---|---|\n", kRuns);
  const auto scale_out =
      ExecutorOn({gateway.haproxy().socket()}, {.operation = HaproxyOperation::kScaleOut});
  Joining(gateway, "`scale_out` to a spare slot", *scale_out, gateway.StartSlot("orders-2"),
          ActionOn("orders"));
  const auto [stranger, address] = gateway.StartStranger();
  const auto add_server =
      ExecutorOn({gateway.haproxy().socket()},
                 {.operation = HaproxyOperation::kAddServer, .address = LabelTemplate(address)});
  Joining(gateway, "`add_server`", *add_server, *stranger, ActionOn("orders", "orders-4"));
  return 0;
}

}  // namespace
}  // namespace promheal::healing

int main(int argc, char**) {
  if (argc > 1) {
    fmt::print(stderr, "gateway_bench takes no arguments\nusage: gateway_bench\n");
    return 2;
  }
  return promheal::healing::Run();
}
