#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/base/time.h"

namespace promheal::healing {

// Who or what caused a change.
enum class AuditCause {
  kAlert,          // A delivery; who: the alert, and who sent it.
  kPolicy,         // A decision; who: the policy and its reason.
  kExecutor,       // What carried an action out; who: the action.
  kData,           // What Prometheus said; who: the verification.
  kTime,           // Something was due.
  kPerson,         // A command; who: their name, and from where.
  kConfiguration,  // It was read again.
  kRestart,        // The program started.
};
std::string_view ToString(AuditCause cause);  // "alert", "policy", ...

enum class AuditChange {
  kStarted,   // The healer, with this configuration.
  kResumed,   // The ledger could not be written for a while.
  kReloaded,  // The configuration.
  kOpened,    // An incident.
  kDecision,  // One that leads to an action.
  kIntent,    // The action will be called next.
  kOutcome,   // What its executor said.
  kVerdict,   // What data said about it.
  kOverride,  // Something in force was applied, released or undone.
  kFrozen,    // A target is left alone.
  kClosed,    // An incident.
  kControl,   // What a person told the healer: pause, freeze, release, ...
};
std::string_view ToString(AuditChange change);  // "started", ...

// One change. Each row's hash is that of the row before and of itself, so that no row can be
// changed, left out or put in without all later ones saying so.
struct AuditRow {
  uint64_t sequence = 0;  // From 1, without gaps.
  Time time;
  AuditCause by = AuditCause::kTime;
  std::string who;
  AuditChange what = AuditChange::kControl;
  std::string incident;  // Its id, or "".
  std::string target;    // As people know it, or "".
  std::string text;      // A sentence.
  std::string hash;      // 64 hexadecimal digits.

  bool operator==(const AuditRow&) const = default;
};

// Keys of the ledger. Rows are ordered by sequence.
inline constexpr std::string_view kAuditPrefix = "audit/";
inline constexpr std::string_view kAuditHeadKey = "audit_head";      // The last row.
inline constexpr std::string_view kAuditAnchorKey = "audit_anchor";  // The last row deleted.
std::string AuditKey(uint64_t sequence);

// Where a trail ends, or what is gone of it ended: 0 and 64 zeros before the first row.
struct AuditPoint {
  uint64_t sequence = 0;
  std::string hash = std::string(64, '0');

  bool operator==(const AuditPoint&) const = default;
};
std::string Encode(const AuditPoint& point);
Result<AuditPoint> DecodeAuditPoint(std::string_view json);

// The row as it stands in the ledger, JSON that begins with its hash, which is made here: SHA-256
// of `previous` followed by the same object without "hash".
std::string EncodeAfter(const std::string& previous, AuditRow& row);
Result<AuditRow> DecodeAuditRow(std::string_view json);

// Whether the hash in the encoded row is that of `previous` and the rest of it.
bool Follows(const std::string& previous, std::string_view json);

}  // namespace promheal::healing
