#include "webhook/executors/haproxy/observe.h"

#include <fmt/core.h>

#include <optional>

#include "webhook/core/override/override.h"
#include "webhook/executors/haproxy/plan.h"

namespace promheal::healing {
namespace {

// The state that was read, compared with the wanted one.
struct Sight {
  bool as_wanted = false;
  bool shows_other = false;  // An entry with another value than the wanted one.
  std::string text;
};

Result<Sight> LookForSpare(RuntimeSession& session, const HaproxyOptions& options,
                           const std::string& backend, Time intended_at, Time now) {
  const auto servers = session.Servers(backend);
  if (!servers) return tl::make_unexpected(servers.error());
  const bool out = options.operation == HaproxyOperation::kScaleOut;
  const bool changed = SpareChangedSince(*servers, out, intended_at, now);
  return Sight{.as_wanted = changed,
               .text = fmt::format("{} spare slot of {} was {} since", changed ? "a" : "no",
                                   backend, out ? "set ready" : "taken out")};
}

Result<Sight> LookAtSetting(RuntimeSession& session, const HaproxyOptions& options,
                            const std::string& subject) {
  const Setting setting = SettingOf(options, subject);
  const Result<SettingValue> value = ReadSetting(session, setting);
  if (!value) return tl::make_unexpected(value.error());
  const Result<int> initial = InitialWeight(session, setting);
  if (!initial) return tl::make_unexpected(initial.error());
  const Result<std::string> wanted = WantedValue(options, options.percent, *initial);
  if (!wanted) return tl::make_unexpected(wanted.error());
  return Sight{.as_wanted = value->text == *wanted,
               .shows_other = LivesInTable(setting.kind) && value->text != kNoOverride,
               .text = fmt::format("{} is {}", subject, value->text)};
}

// Why the wanted state may have been there although it is not there now.
std::optional<std::string> WhyUnsure(const Sight& sight, const HaproxyOptions& options,
                                     const ProcessInfo& info, Time intended_at, Time now) {
  if (sight.shows_other) return "another writer set it since, or it never took place";
  // Start times are rounded down to whole seconds.
  if (info.started + std::chrono::seconds(1) > intended_at) return "HAProxy was reloaded since";
  if (LivesInTable(InfoOf(options.operation).kind) && now - intended_at >= options.expires_after) {
    return "it would have expired by now";
  }
  return std::nullopt;
}

}  // namespace

ObservationReport ObserveOn(RuntimeSession& session, const HaproxyOptions& options,
                            const std::string& subject, Time intended_at, const Clock& clock) {
  const Result<ProcessInfo> info = session.Info();
  if (!info) return {Observation::kUnknown, info.error().message};
  const Time now = clock.Now();
  const Result<Sight> sight = InfoOf(options.operation).chooses_slot
                                  ? LookForSpare(session, options, subject, intended_at, now)
                                  : LookAtSetting(session, options, subject);
  if (!sight) return {Observation::kUnknown, sight.error().message};
  if (sight->as_wanted) return {Observation::kHappened, sight->text};
  if (const auto why = WhyUnsure(*sight, options, *info, intended_at, now)) {
    return {Observation::kUnknown, fmt::format("{}; {}", sight->text, *why)};
  }
  return {Observation::kNotHappened, sight->text};
}

}  // namespace promheal::healing
