#include "webhook/healer/audit_rows.h"

#include <fmt/core.h>

#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

#include "common/io/program.h"
#include "webhook/core/advance/timeline.h"

namespace promheal::healing {
namespace {

struct Causer {
  AuditCause by = AuditCause::kTime;
  std::string who;
};

// nullopt for events without a row; see AuditRowsOf.
std::optional<AuditChange> ChangeOf(const TimelineEvent& event) {
  switch (event.kind) {
    case TimelineKind::kDecision:
      if (FieldOf(event, "decision") == ToString(DecisionKind::kHeal))
        return AuditChange::kDecision;
      return std::nullopt;
    case TimelineKind::kIntent:
      return AuditChange::kIntent;
    case TimelineKind::kAction:
      if (FieldOf(event, "result") == "observing") return std::nullopt;
      return AuditChange::kOutcome;
    case TimelineKind::kVerdict:
      return AuditChange::kVerdict;
    case TimelineKind::kOverride:
      return AuditChange::kOverride;
    case TimelineKind::kClosed:
      return AuditChange::kClosed;
    case TimelineKind::kAlert:
    case TimelineKind::kVerification:
    case TimelineKind::kPerson:  // The order has a row of its own.
      break;
  }
  return std::nullopt;
}

Causer CauserOf(const TimelineEvent& event, AuditChange change, const Causer& stimulus,
                const Incident& incident) {
  if (change != AuditChange::kDecision && change != AuditChange::kIntent) return stimulus;
  const std::string_view reason =
      incident.last_decision ? ToString(incident.last_decision->reason) : "";
  return {AuditCause::kPolicy, fmt::format("{}: {}", FieldOf(event, "policy"), reason)};
}

std::string ActionOf(const Incident& incident, const std::string& attempt_id) {
  for (const Attempt& attempt : incident.attempts) {
    if (attempt.id == attempt_id) return attempt.action;
  }
  return attempt_id;
}

// The cause of a stimulus.
Causer CauserOf(const Stimulus& stimulus, const Incident& incident) {
  return std::visit(
      [&](const auto& kind) -> Causer {
        using T = std::decay_t<decltype(kind)>;
        if constexpr (std::is_same_v<T, AlertsJoined>) {
          return {AuditCause::kAlert, kind.keys.empty() ? "" : kind.keys.front()};
        } else if constexpr (std::is_same_v<T, EvidenceGathered>) {
          return {AuditCause::kData, kind.evidence.verification};
        } else if constexpr (std::is_same_v<T, OverridesReleased> ||
                             std::is_same_v<T, MarkedFalseAlarm>) {
          return {AuditCause::kPerson, kind.by};
        } else if constexpr (std::is_same_v<T, PoliciesChanged>) {
          return {AuditCause::kConfiguration, ""};
        } else if constexpr (std::is_same_v<T, ProgramRestarted>) {
          return {AuditCause::kRestart, ""};
        } else if constexpr (std::is_same_v<T, TimePassed>) {
          return {AuditCause::kTime, ""};
        } else {
          return {AuditCause::kExecutor, ActionOf(incident, kind.attempt_id)};
        }
      },
      stimulus);
}

}  // namespace

AuditRow OpenedRow(const Incident& incident, const std::string& alert_key,
                   const std::string& sender) {
  return {.time = incident.opened_at,
          .by = AuditCause::kAlert,
          .who = sender.empty() ? alert_key : fmt::format("{} from {}", alert_key, sender),
          .what = AuditChange::kOpened,
          .incident = incident.id,
          .target = incident.target.ToDisplayName(),
          .text = incident.timeline.empty() ? "" : incident.timeline.front().text};
}

AuditRow StartedRow(const HealingConfig& config, bool again, Time now) {
  const BuildInfo build = ThisBuild();
  const std::string version = fmt::format("{} ({})", build.version, build.revision);
  return {.time = now,
          .by = AuditCause::kRestart,
          .who = "healing_webhook " + version,
          .what = again ? AuditChange::kResumed : AuditChange::kStarted,
          .text = again ? "the ledger has been read again after a failure"
                        : "started with configuration sha256:" + config.sha256};
}

AuditRow ReloadedRow(const HealingConfig& config, Time now) {
  return {.time = now,
          .by = AuditCause::kConfiguration,
          .what = AuditChange::kReloaded,
          .text = "from now on configuration sha256:" + config.sha256};
}

AuditRow OrderedRow(const Order& order, const OrderReport& report, Time now) {
  return {.time = now,
          .by = AuditCause::kPerson,
          .who = order.from.empty() ? order.by : fmt::format("{} at {}", order.by, order.from),
          .what = AuditChange::kControl,
          .incident = order.incident_id,
          .target = order.target.ToDisplayName(),
          .text = fmt::format("{}: {}{}", ToString(order.kind), report.text,
                              order.why.empty() ? "" : "; said: " + order.why)};
}

std::vector<AuditRow> AuditRowsOf(const Incident& incident, const Advanced& advanced,
                                  const Stimulus& stimulus, Time now) {
  const Causer causer = CauserOf(stimulus, incident);
  std::vector<AuditRow> rows;
  const auto add = [&](Causer who, AuditChange what, std::string text) {
    rows.push_back({.time = now,
                    .by = who.by,
                    .who = std::move(who.who),
                    .what = what,
                    .incident = incident.id,
                    .target = incident.target.ToDisplayName(),
                    .text = std::move(text)});
  };
  for (const TimelineEvent& event : advanced.news) {
    const auto change = ChangeOf(event);
    if (change) add(CauserOf(event, *change, causer, incident), *change, event.text);
  }
  for (const Effect& effect : advanced.effects) {
    const auto* freeze = std::get_if<FreezeTarget>(&effect);
    if (freeze == nullptr) continue;
    add(causer, AuditChange::kFrozen,
        fmt::format("left alone until {}: {}", FormatRfc3339(freeze->until), freeze->reason));
  }
  return rows;
}

}  // namespace promheal::healing
