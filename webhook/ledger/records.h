#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/labels.h"
#include "common/base/result.h"
#include "webhook/core/alert.h"
#include "webhook/core/cooldown.h"
#include "webhook/core/incident.h"
#include "webhook/ledger/ledger.h"

namespace promheal::healing {

// What stands in the ledger, and under which key. Values are JSON, times RFC 3339, so that people
// can read a ledger; readers skip fields they do not know. Decoding errors are kDataLoss.

inline constexpr std::string_view kAlertPrefix = "alert/";
inline constexpr std::string_view kOpenIncidentPrefix = "open/";      // By target: one at most.
inline constexpr std::string_view kClosedIncidentPrefix = "closed/";  // By time of closing.
inline constexpr std::string_view kCooldownPrefix = "cooldown/";
inline constexpr std::string_view kFrozenPrefix = "frozen/";
inline constexpr std::string_view kPausePrefix = "pause/";  // One at most.

// When the action may be taken again on the target, which attempt said so, and which have taken it
// within kUsesRemembered.
struct CooldownRecord {
  Labels target;
  std::string action;
  std::string attempt_id;
  Time not_before;
  std::vector<ActionUse> uses = {};  // In order of time.

  bool operator==(const CooldownRecord&) const = default;
};

// Until when nothing is done to the target. By whom: a person, or "" where its ladder was
// exhausted; `reason` is what the person said, or the decision's reason.
struct FrozenRecord {
  Labels target;
  Time until;
  std::string reason;
  std::string by = {};

  bool operator==(const FrozenRecord&) const = default;
};

std::string KeyOf(const AlertRecord& alert);
std::string KeyOf(const Incident& incident);  // Open or closed, by its state.
std::string KeyOf(const CooldownRecord& cooldown);
std::string KeyOf(const FrozenRecord& frozen);
std::string KeyOf(const Pause& pause);

std::string Encode(const AlertRecord& alert);
std::string Encode(const Incident& incident);  // Also what /api/v1/incidents shows.
std::string Encode(const CooldownRecord& cooldown);
std::string Encode(const FrozenRecord& frozen);
std::string Encode(const Pause& pause);

Result<AlertRecord> DecodeAlert(std::string_view json);
Result<Incident> DecodeIncident(std::string_view json);
Result<CooldownRecord> DecodeCooldown(std::string_view json);
Result<FrozenRecord> DecodeFrozen(std::string_view json);
Result<Pause> DecodePause(std::string_view json);

// One entry as a line of JSON, for whoever wants to keep it elsewhere: {"key": ..., "revision":
// ..., "value": ...}; "damaged": ... instead of "value" where that is no JSON.
std::string EncodeEntry(const LedgerEntry& entry);

}  // namespace promheal::healing
