#include "webhook/executors/haproxy/change.h"

#include <fmt/core.h>

#include <algorithm>

namespace promheal::healing {
namespace {

// What a dead healer leaves behind must not last: a table that keeps its entries for longer is not
// made for overrides.
constexpr Duration kLongestLife = std::chrono::minutes(5);

struct Look {
  Standing standing = Standing::kUnreadable;
  SettingValue value;
  std::string run;
  std::optional<Error> error;
};

bool IsHalfMember(const Setting& setting, const Look& look) {
  return setting.kind == SettingKind::kMember && look.value.text == kMemberInMaint;
}

Look LookAt(RuntimeSession& session, const Setting& setting, const OverrideChange& change,
            const Clock& clock) {
  Look look;
  // First the process, so that a reload in between reads as lost, and not as taken back.
  const Result<ProcessInfo> info = session.Info();
  if (!info) {
    look.error = info.error();
    return look;
  }
  look.run = info->Run();
  const Result<SettingValue> value = ReadSetting(session, setting);
  if (!value) {
    look.error = value.error();
    return look;
  }
  look.value = *value;
  look.standing = StandingOf(change, value->text, look.run, clock.Now());
  // Added, and then nothing more was said: ours, half made.
  if (IsHalfMember(setting, look) && change.run.empty()) look.standing = Standing::kInForce;
  return look;
}

ChangeReport Report(ActionResult result, const Look& look, const OverrideChange& change,
                    std::string text) {
  return {.result = result, .found = look.standing, .text = std::move(text), .now = change};
}

bool TakesOutOfService(SettingKind kind, std::string_view value) {
  return (kind == SettingKind::kState && value != ToString(SlotState::kReady)) ||
         (kind == SettingKind::kWeight && value == "0") ||
         (kind == SettingKind::kMember && value != kMember);
}

bool MayHaveHappened(const Error& error) {
  return error.code == ErrorCode::kTimeout || error.code == ErrorCode::kDataLoss;
}

// What is there after writing `value`: the value read back, or why it is not there.
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
  if (!status && !MayHaveHappened(status.error())) {
    return {.result = ActionResult::kFailed, .why = status.error().message};
  }
  const Result<SettingValue> back = ReadSetting(session, setting);
  if (!back && back.error().code == ErrorCode::kFailedPrecondition) {
    return {.result = ActionResult::kFailed, .why = back.error().message, .must_go = true};
  }
  if (!back) {
    return {.why = status ? "carried out, but not seen: " + back.error().message
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

std::string Lifetime(const SettingValue& value) {
  if (!value.expires_in) return "";
  return fmt::format(" for {:.0f} s", static_cast<double>(value.expires_in->count()) / 1000.0);
}

ChangeReport Unreadable(const Look& look, const OverrideChange& change) {
  return Report(ActionResult::kFailed, look, change, look.error->message);
}

std::string WhatHappened(const Look& look, const OverrideChange& change, const Written& written) {
  if (look.value.text == change.after) return "renewed " + change.after + Lifetime(written.value);
  const bool again = look.standing == Standing::kLost || look.standing == Standing::kExpired;
  return fmt::format("{} -> {}{}{}", look.value.text, change.after, Lifetime(written.value),
                     again ? fmt::format(" again, since it was {}", ToString(look.standing)) : "");
}

// Writes `change.after` and keeps an account of it.
ChangeReport Establish(RuntimeSession& session, const Setting& setting,
                       const OverrideChange& change, const Look& look, const Clock& clock) {
  const Time before_write = clock.Now();
  const Written written = LivesInTable(setting.kind) ? WriteEntry(session, setting, change.after)
                                                     : Write(session, setting, change.after);
  if (written.result != ActionResult::kDone) {
    return Report(written.result, look, change, written.why);
  }
  ChangeReport report =
      Report(ActionResult::kDone, look, change, WhatHappened(look, change, written));
  report.now.run = look.run;
  report.now.earlier.clear();
  if (written.value.expires_in) report.now.expires_at = before_write + *written.value.expires_in;
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
  if (slot == nullptr || !TakesRequests(*slot)) return {};
  const auto others = std::count_if(servers->begin(), servers->end(), [&](const auto& server) {
    return server.name != *name && TakesRequests(server);
  });
  if (others >= limits.min_active) return {};
  return Fail(ErrorCode::kFailedPrecondition,
              fmt::format("refused: it would leave {} of the at least {} slots that take requests",
                          others, limits.min_active));
}

ChangeReport ApplyChange(RuntimeSession& session, const Setting& setting,
                         const OverrideChange& change, const ChangeLimits& limits,
                         const Clock& clock) {
  const Look look = LookAt(session, setting, change, clock);
  if (look.error) return Unreadable(look, change);
  if (!MayWrite(look.standing)) {
    return Report(ActionResult::kFailed, look, change,
                  WhyLeftAlone(look.standing, look.value.text));
  }
  if (look.value.text == change.after && !LivesInTable(setting.kind)) {
    ChangeReport report = Report(ActionResult::kDone, look, change, "already " + change.after);
    report.now.run = look.run;
    report.now.earlier.clear();
    return report;
  }
  if (auto served = CheckStaysServed(session, setting, change.after, limits); !served) {
    return Report(ActionResult::kFailed, look, change, served.error().message);
  }
  return Establish(session, setting, change, look, clock);
}

ChangeReport UndoChange(RuntimeSession& session, const Setting& setting,
                        const OverrideChange& change, const ChangeLimits& limits,
                        const Clock& clock) {
  Look look = LookAt(session, setting, change, clock);
  // Taken out of service, but not removed yet, whoever did the first.
  if (!look.error && IsHalfMember(setting, look)) look.standing = Standing::kInForce;
  if (look.error && look.error->code == ErrorCode::kNotFound) {
    return Report(ActionResult::kDone, look, change, "gone with its place: " + look.error->message);
  }
  if (look.error) return Unreadable(look, change);
  if (look.standing == Standing::kReplaced || look.standing == Standing::kTakenBack) {
    return Report(ActionResult::kDone, look, change, WhyLeftAlone(look.standing, look.value.text));
  }
  // What expires by itself has no lasting claim, whoever set it before us.
  const std::string target = LivesInTable(setting.kind) ? std::string(kNoOverride) : change.before;
  if (look.standing != Standing::kInForce || look.value.text == target) {
    return Report(ActionResult::kDone, look, change, "already " + look.value.text);
  }
  if (auto served = CheckStaysServed(session, setting, target, limits); !served) {
    return Report(ActionResult::kFailed, look, change, served.error().message);
  }
  const Written written = Write(session, setting, target);
  return Report(written.result, look, change,
                written.result == ActionResult::kDone
                    ? fmt::format("{} -> {}", look.value.text, target)
                    : written.why);
}

ChangeReport InspectChange(RuntimeSession& session, const Setting& setting,
                           const OverrideChange& change, const Clock& clock) {
  const Look look = LookAt(session, setting, change, clock);
  if (look.error) return Unreadable(look, change);
  ChangeReport report = Report(ActionResult::kDone, look, change,
                               fmt::format("{} ({})", look.value.text, ToString(look.standing)));
  if (look.standing == Standing::kInForce && look.value.expires_in) {
    report.now.expires_at = clock.Now() + *look.value.expires_in;
  }
  return report;
}

}  // namespace promheal::healing
