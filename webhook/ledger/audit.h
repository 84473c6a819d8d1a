#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/base/time.h"

namespace promheal::healing {

// The cause of a change; AuditRow::who names it.
enum class AuditCause {
  kAlert,          // A delivery; who: the alert and its sender.
  kPolicy,         // A decision; who: the policy and the reason.
  kExecutor,       // An executor's answer; who: the action.
  kData,           // An answer of Prometheus; who: the verification.
  kTime,           // A step became due.
  kPerson,         // An order; who: the person's name and address.
  kConfiguration,  // A reload.
  kRestart,        // The program started.
};
std::string_view ToString(AuditCause cause);  // "alert", "policy", ...

enum class AuditChange {
  kStarted,   // The healer started with this configuration.
  kResumed,   // The ledger can be written again.
  kReloaded,  // The configuration was reloaded.
  kOpened,    // An incident opened.
  kDecision,  // A decision led to an action.
  kIntent,    // The action will be called next.
  kOutcome,   // The executor answered.
  kVerdict,   // Data showed whether the action helped.
  kOverride,  // An override was applied, released or undone.
  kFrozen,    // A target is left alone from now on.
  kClosed,    // An incident closed.
  kControl,   // A person gave an order: pause, freeze, release, ...
};
std::string_view ToString(AuditChange change);  // "started", ...

// One change. Each row's hash covers the row and the hash before it, so that a row that is changed,
// removed or inserted breaks all later hashes.
struct AuditRow {
  uint64_t sequence = 0;  // From 1, without gaps.
  Time time;
  AuditCause by = AuditCause::kTime;
  std::string who;
  AuditChange what = AuditChange::kControl;
  std::string incident;  // Its id, or "".
  std::string target;    // Its display name, or "".
  std::string text;      // A sentence.
  std::string hash;      // 64 hexadecimal digits.

  bool operator==(const AuditRow&) const = default;
};

// Keys of the ledger. Rows are ordered by sequence.
inline constexpr std::string_view kAuditPrefix = "audit/";
inline constexpr std::string_view kAuditHeadKey = "audit_head";      // The last row.
inline constexpr std::string_view kAuditAnchorKey = "audit_anchor";  // The last deleted row.
std::string AuditKey(uint64_t sequence);

// A position in the trail: the last row, or the last deleted row. 0 and 64 zeros before the first.
struct AuditPoint {
  uint64_t sequence = 0;
  std::string hash = std::string(64, '0');

  bool operator==(const AuditPoint&) const = default;
};
std::string Encode(const AuditPoint& point);
Result<AuditPoint> DecodeAuditPoint(std::string_view json);

// Sets the row's hash and returns the row as the ledger stores it: JSON that begins with the hash.
// The hash is SHA-256 of `previous` followed by the same object without "hash".
std::string EncodeAfter(const std::string& previous, AuditRow& row);
Result<AuditRow> DecodeAuditRow(std::string_view json);

// Whether the hash in the encoded row covers `previous` and the rest of the row.
bool Follows(const std::string& previous, std::string_view json);

}  // namespace promheal::healing
