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

// The records of the ledger and their keys. Values are JSON with RFC 3339 times, so that people can
// read a ledger. Readers skip unknown fields. Decoding errors are kDataLoss.

inline constexpr std::string_view kAlertPrefix = "alert/";
inline constexpr std::string_view kOpenIncidentPrefix = "open/";      // By target: at most one.
inline constexpr std::string_view kClosedIncidentPrefix = "closed/";  // By time of closing.
inline constexpr std::string_view kCooldownPrefix = "cooldown/";
inline constexpr std::string_view kFrozenPrefix = "frozen/";
inline constexpr std::string_view kPausePrefix = "pause/";  // At most one.

// The earliest time of the next use of an action on a target, the attempt that set it, and the uses
// within kUsesRemembered.
struct CooldownRecord {
  Labels target;
  std::string action;
  std::string attempt_id;
  Time not_before;
  std::vector<ActionUse> uses = {};  // In order of time.

  bool operator==(const CooldownRecord&) const = default;
};

// The healer leaves the target alone until then. `by` is a person, or "" if the healer froze it
// after the last rung; `reason` is the person's reason, or the decision's.
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
std::string Encode(const Incident& incident);  // /api/v1/incidents shows the same.
std::string Encode(const CooldownRecord& cooldown);
std::string Encode(const FrozenRecord& frozen);
std::string Encode(const Pause& pause);

Result<AlertRecord> DecodeAlert(std::string_view json);
Result<Incident> DecodeIncident(std::string_view json);
Result<CooldownRecord> DecodeCooldown(std::string_view json);
Result<FrozenRecord> DecodeFrozen(std::string_view json);
Result<Pause> DecodePause(std::string_view json);

// An entry as a line of JSON, for `ledger export`: {"key": ..., "revision": ..., "value": ...};
// with "damaged" instead of "value" if the value is not JSON.
std::string EncodeEntry(const LedgerEntry& entry);

}  // namespace promheal::healing
