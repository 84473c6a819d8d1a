#include "webhook/config/config_rungs.h"

#include <fmt/core.h>

#include <charconv>
#include <string>
#include <string_view>
#include <vector>

#include "webhook/config/limits.h"
#include "webhook/core/cooldown.h"

namespace promheal::healing {
namespace {

std::string Joined(const KnownActions& actions) {
  std::string text;
  for (const auto& [name, action] : actions) text += (text.empty() ? "" : ", ") + name;
  return text.empty() ? "none is configured" : text;
}

void ReadRelease(YamlMap& map, const OverrideTraits& traits, std::vector<int>& release) {
  std::vector<std::string> texts;
  if (!map.Read("release", &texts)) return;
  const auto complain = [&](const std::string& what) {
    map.AddError(map.MarkOf("release"), "release: " + what);
  };
  if (!traits.has_degrees && !texts.empty()) {
    complain("this action comes in no degrees: expected [], let go at once");
    return;
  }
  int above = traits.percent;
  for (const std::string& text : texts) {
    int percent = 0;
    const auto end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, percent);
    if (error != std::errc() || stopped != end || percent < 1 || percent >= above) {
      complain(fmt::format("expected falling percentages from below {}, the action's own, to 1",
                           traits.percent));
      return;
    }
    release.push_back(percent);
    above = percent;
  }
}

Hold ReadHold(YamlMap& map, const OverrideTraits& traits, const Verification& verify,
              Queries& queries) {
  Hold hold;
  map.ReadMap("hold", [&](YamlMap& below) {
    below.Read("at_least", &hold.at_least, {.min = Duration(0)});
    below.Read("at_most", &hold.at_most, {.min = kLeastInterval});
    ReadRelease(below, traits, hold.release);
    below.Read("step", &hold.step, {.min = kLeastInterval});
    below.Read("keep_when_escalated", &hold.keep_when_escalated);
    Verification own = verify;
    if (below.ReadMap("verify",
                      [&](YamlMap& section) { ReadVerification(section, own, queries); })) {
      hold.verify = own;
    }
    if (hold.at_most < hold.at_least) {
      below.AddError(below.MarkOf("at_most"), "at_most: shorter than at_least");
    }
  });
  return hold;
}

void WriteHold(const Hold& hold, YamlWriter& writer) {
  writer.Value("at_least", hold.at_least);
  writer.Value("at_most", hold.at_most);
  writer.Numbers("release", hold.release);
  writer.Value("step", hold.step);
  writer.Value("keep_when_escalated", hold.keep_when_escalated);
  if (hold.verify) writer.Map("verify", [&] { WriteVerification(*hold.verify, writer); });
}

// Refuses the keys of a rung that holds an override, for a rung that does not.
void RefuseHold(YamlMap& map, const Rung& rung) {
  for (const char* key : {"hold", "probe"}) {
    if (!map.Has(key) || (std::string_view(key) == "probe" && !rung.probe)) continue;
    map.AddError(map.MarkOf(key), fmt::format("{}: {} leaves nothing in force that could be held",
                                              key, rung.action));
  }
}

void CheckProbe(YamlMap& map, const Rung& rung) {
  if (!rung.probe || !rung.hold->release.empty()) return;
  map.AddError(map.MarkOf("probe"),
               "probe: needs steps under hold.release, such as [90, 50]: only they can be judged");
}

}  // namespace

Rung ReadRung(YamlMap& map, const KnownActions& actions, const Verification& verify,
              Queries& queries) {
  Rung rung;
  map.Read("action", &rung.action, true);
  const auto action = actions.find(rung.action);
  if (map.Has("action") && action == actions.end()) {
    map.AddError(map.MarkOf("action"), fmt::format("action: there is no action '{}': expected one "
                                                   "of: {}",
                                                   rung.action, Joined(actions)));
  }
  map.Read("attempts", &rung.attempts, {.min = 1, .max = 10});
  map.Read("cooldown", &rung.cooldown, {.min = Duration(0)});
  map.Read("cooldown_factor", &rung.cooldown_factor, {.min = 1.0, .max = 100.0});
  map.Read("cooldown_max", &rung.cooldown_max, {.min = Duration(0), .max = kUsesRemembered});
  Verification own = verify;
  if (map.ReadMap("verify", [&](YamlMap& below) { ReadVerification(below, own, queries); })) {
    rung.verify = own;
  }
  ReadConditions(map, "requires", rung.required, queries);
  map.ReadMap("min_healthy",
              [&](YamlMap& below) { rung.min_healthy = ReadMinHealthy(below, queries); });
  // An unknown action is reported above; permissive traits avoid errors that only follow from it.
  const auto traits = action == actions.end() ? OverrideTraits{.has_degrees = true, .percent = 101}
                                              : action->second.held;
  if (traits) rung.hold = ReadHold(map, *traits, own, queries);
  map.Read("probe", &rung.probe);
  if (traits) {
    CheckProbe(map, rung);
  } else {
    RefuseHold(map, rung);
  }
  return rung;
}

void WriteRung(const Rung& rung, YamlWriter& writer) {
  writer.Value("action", rung.action);
  writer.Value("attempts", rung.attempts);
  writer.Value("cooldown", rung.cooldown);
  writer.Value("cooldown_factor", rung.cooldown_factor);
  writer.Value("cooldown_max", rung.cooldown_max);
  if (!rung.required.empty()) WriteConditions("requires", rung.required, writer);
  if (rung.min_healthy) {
    writer.Map("min_healthy", [&] { WriteMinHealthy(*rung.min_healthy, writer); });
  }
  if (rung.verify) writer.Map("verify", [&] { WriteVerification(*rung.verify, writer); });
  if (rung.hold) writer.Map("hold", [&] { WriteHold(*rung.hold, writer); });
  if (rung.probe) writer.Value("probe", rung.probe);
}

}  // namespace promheal::healing
