#include "webhook/executors/docker/gateway_membership.h"

#include <fmt/core.h>

#include <algorithm>

#include "webhook/executors/change_reports.h"

namespace promheal::healing {
namespace {

constexpr Duration kPerCommand = std::chrono::seconds(2);

Setting MemberSetting(std::string subject) {
  return {.kind = SettingKind::kMember, .table = "", .subject = std::move(subject)};
}

// Without its address: "orders/shop_orders_2".
std::string SlotOf(const std::string& subject) { return subject.substr(0, subject.find('@')); }

}  // namespace

const Gateway* GatewayMembership::Find(const std::string& keeper) const {
  const auto found = std::find_if(gateways_.begin(), gateways_.end(),
                                  [&](const Gateway& gateway) { return gateway.socket == keeper; });
  return found == gateways_.end() ? nullptr : &*found;
}

bool GatewayMembership::Holds(const std::string& keeper) const { return Find(keeper) != nullptr; }

RuntimeSession GatewayMembership::SessionWith(const Gateway& gateway, Duration end) const {
  return RuntimeSession(*gateway.api, clock_, {.end = end, .per_command = kPerCommand});
}

Result<std::string> GatewayMembership::BackendOf(const Labels& labels) const {
  const auto as_word = [](std::string_view name, std::string_view value) -> Result<std::string> {
    if (auto status = CheckWord(fmt::format("value of label '{}'", name), value); !status) {
      return tl::make_unexpected(status.error());
    }
    return std::string(value);
  };
  return registration_.backend.Render(labels, as_word);
}

Result<std::vector<OverrideChange>> GatewayMembership::Plan(const std::string& backend,
                                                            const std::string& container,
                                                            Duration end, bool again) const {
  std::vector<OverrideChange> changes;
  for (const Gateway& gateway : gateways_) {
    OverrideChange change{.keeper = gateway.socket,
                          .subject = backend + '/' + container,
                          .before = std::string(kNoOverride),
                          .after = std::string(kMember)};
    RuntimeSession session = SessionWith(gateway, end);
    const Result<SettingValue> now = ReadSetting(session, MemberSetting(change.subject));
    if (!now) return Prefixed("asking HAProxy at " + gateway.socket, now.error());
    if (now->text != kNoOverride && !again) {
      return Fail(
          ErrorCode::kFailedPrecondition,
          fmt::format("HAProxy at {} has a server {} already", gateway.socket, change.subject));
    }
    changes.push_back(std::move(change));
  }
  return changes;
}

ChangeReport GatewayMembership::Join(const OverrideChange& change, const std::string& address,
                                     Duration end) const {
  const Gateway* gateway = Find(change.keeper);
  if (gateway == nullptr) return KeeperNotConfigured(change);
  RuntimeSession session = SessionWith(*gateway, end);
  OverrideChange at = change;
  at.subject = fmt::format("{}@{}:{}", SlotOf(change.subject), address, registration_.port);
  // The container may have another address now: then its server moves there.
  if (at.subject != change.subject && change.subject != SlotOf(change.subject)) {
    const ChangeReport left =
        UndoChange(session, MemberSetting(change.subject), change, {.min_active = 0}, clock_);
    if (left.result != ActionResult::kDone) return left;
    at.run.clear();
  }
  return ApplyChange(session, MemberSetting(at.subject), at, {.min_active = 0}, clock_);
}

ChangeReport GatewayMembership::Leave(const OverrideChange& change, Duration end) const {
  const Gateway* gateway = Find(change.keeper);
  if (gateway == nullptr) return KeeperNotConfigured(change);
  RuntimeSession session = SessionWith(*gateway, end);
  return UndoChange(session, MemberSetting(SlotOf(change.subject)), change, {.min_active = 1},
                    clock_);
}

ChangeReport GatewayMembership::Inspect(const OverrideChange& change, Duration end) const {
  const Gateway* gateway = Find(change.keeper);
  if (gateway == nullptr) return KeeperNotConfigured(change);
  RuntimeSession session = SessionWith(*gateway, end);
  return InspectChange(session, MemberSetting(change.subject), change, clock_);
}

Status GatewayMembership::LeaveAll(const std::string& backend, const std::string& container,
                                   Duration end) const {
  for (const Gateway& gateway : gateways_) {
    OverrideChange change{.keeper = gateway.socket,
                          .subject = backend + '/' + container,
                          .before = std::string(kNoOverride),
                          .after = std::string(kMember)};
    const ChangeReport report = Leave(change, end);
    if (report.result != ActionResult::kDone) {
      return Fail(ErrorCode::kFailedPrecondition,
                  fmt::format("HAProxy at {}: {}", gateway.socket, report.text));
    }
  }
  return {};
}

}  // namespace promheal::healing
