#include "webhook/executors/haproxy/change.h"

#include <fmt/core.h>

#include <algorithm>

namespace promheal::healing {
namespace {

// The overrides of a dead healer must not last: a table that keeps its entries longer is refused.
constexpr Duration kLongestLife = std::chrono::minutes(5);

Result<PlaceReading> ReadPlace(RuntimeSession& session, const Setting& setting) {
  // The process comes first: a reload between the two reads as lost then, and not as taken back.
  const Result<ProcessInfo> info = session.Info();
  if (!info) return tl::make_unexpected(info.error());
  Result<SettingValue> value = ReadSetting(session, setting);
  if (!value) return tl::make_unexpected(value.error());
  const bool half_made = setting.kind == SettingKind::kMember && value->text == kMemberInMaint;
  return PlaceReading{.value = std::move(value->text),
                      .run = info->Run(),
                      .half_made = half_made,
                      .expires = LivesInTable(setting.kind),
                      .expires_in = value->expires_in};
}

bool TakesOutOfService(SettingKind kind, std::string_view value) {
  return (kind == SettingKind::kState && value != ToString(SlotState::kReady)) ||
         (kind == SettingKind::kWeight && value == "0") ||
         (kind == SettingKind::kMember && value != kMember);
}

// The outcome of a write: the value that was read back, or the reason why it is not there.
struct Written {
  ActionResult result = ActionResult::kUnknown;
  std::string why;
  SettingValue value;
  bool must_go = false;  // Something was written that must not stay.
};

Status SetTo(RuntimeSession& session, const Setting& setting, std::string_view value) {
  const Result<RuntimeCommands> commands = WriteCommands(session, setting, value);
  if (!commands) return tl::make_unexpected(commands.error());
  for (const RuntimeCommand& command : *commands) {
    if (Status status = session.Change(command); !status) return status;
  }
  return {};
}

Written Write(RuntimeSession& session, const Setting& setting, std::string_view value) {
  const Status status = SetTo(session, setting, value);
  if (!status && ResultOf(status.error()) == ActionResult::kFailed) {
    return {.result = ActionResult::kFailed, .why = status.error().message};
  }
  const Result<SettingValue> back = ReadSetting(session, setting);
  if (!back && back.error().code == ErrorCode::kFailedPrecondition) {
    return {.result = ActionResult::kFailed, .why = back.error().message, .must_go = true};
  }
  if (!back) {
    return {.why = status ? "carried out, but not read back: " + back.error().message
                          : status.error().message};
  }
  if (back->text == value) return {.result = ActionResult::kDone, .value = *back};
  return {.result = ActionResult::kFailed,
          .why = fmt::format("HAProxy {}, but shows {}", status ? "agreed" : "did not answer",
                             back->text)};
}

// The same for an entry of a table, which must also expire, and soon.
Written WriteEntry(RuntimeSession& session, const Setting& setting, std::string_view value) {
  Written written = Write(session, setting, value);
  const std::optional<Duration> life = written.value.expires_in;
  if (written.result == ActionResult::kDone && (!life || *life > kLongestLife)) {
    written.why = fmt::format("entries of table {} {}: give it `expire 15s`", setting.table,
                              life ? "live for longer than five minutes" : "never expire");
    written.must_go = true;
  }
  if (written.must_go) {
    const Status gone = SetTo(session, setting, kNoOverride);
    written.result = gone ? ActionResult::kFailed : ActionResult::kUnknown;
  }
  return written;
}

// Writes the plan's value, unless it would leave too few servers in service.
ChangeReport CarryOut(RuntimeSession& session, const Setting& setting, const OverrideChange& change,
                      const ChangePlan& plan, const ChangeLimits& limits, const Clock& clock) {
  const std::string& value = *plan.write;
  if (auto served = CheckStaysServed(session, setting, value, limits); !served) {
    return NotWritten(change, plan, ActionResult::kFailed, served.error().message);
  }
  const Time before_write = clock.Now();
  const bool is_entry = LivesInTable(setting.kind) && value != kNoOverride;
  const Written written =
      is_entry ? WriteEntry(session, setting, value) : Write(session, setting, value);
  if (written.result != ActionResult::kDone) {
    return NotWritten(change, plan, written.result, written.why);
  }
  ChangeReport report = plan.report;
  if (const std::optional<Duration> life = written.value.expires_in) {
    report.now.expires_at = before_write + *life;
    report.text += fmt::format(" for {:.0f} s", static_cast<double>(life->count()) / 1000.0);
  }
  return report;
}

}  // namespace

Status CheckStaysServed(RuntimeSession& session, const Setting& setting, std::string_view value,
                        const ChangeLimits& limits) {
  if (!TakesOutOfService(setting.kind, value)) return {};
  const Result<ServerName> name = ServerOf(setting);
  if (!name) return tl::make_unexpected(name.error());
  const Result<std::vector<ServerState>> servers = session.Servers(name->backend);
  if (!servers) return tl::make_unexpected(servers.error());
  const ServerState* slot = FindServer(*servers, *name);
  if (slot == nullptr || !GetsRequests(*slot)) return {};
  const auto others = std::count_if(servers->begin(), servers->end(), [&](const auto& server) {
    return server.name != *name && GetsRequests(server);
  });
  if (others >= limits.min_active) return {};
  return Fail(
      ErrorCode::kFailedPrecondition,
      fmt::format("refused: it would leave {} slots that get requests, and at least {} must stay",
                  others, limits.min_active));
}

ChangeReport ApplyChange(RuntimeSession& session, const Setting& setting,
                         const OverrideChange& change, const ChangeLimits& limits,
                         const Clock& clock) {
  const Result<PlaceReading> place = ReadPlace(session, setting);
  const ChangePlan plan = PlanApply(change, place, clock.Now());
  return plan.write ? CarryOut(session, setting, change, plan, limits, clock) : plan.report;
}

ChangeReport UndoChange(RuntimeSession& session, const Setting& setting,
                        const OverrideChange& change, const ChangeLimits& limits,
                        const Clock& clock) {
  const Result<PlaceReading> place = ReadPlace(session, setting);
  const ChangePlan plan = PlanUndo(change, place, clock.Now());
  return plan.write ? CarryOut(session, setting, change, plan, limits, clock) : plan.report;
}

ChangeReport InspectChange(RuntimeSession& session, const Setting& setting,
                           const OverrideChange& change, const Clock& clock) {
  const Result<PlaceReading> place = ReadPlace(session, setting);
  return InspectPlace(change, place, clock.Now());
}

}  // namespace promheal::healing
