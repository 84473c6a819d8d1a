#include "webhook/core/override/override.h"

#include <algorithm>

namespace promheal::healing {
namespace {

bool IsOurs(const OverrideChange& change, std::string_view found) {
  return found == change.after ||
         std::find(change.earlier.begin(), change.earlier.end(), found) != change.earlier.end();
}

std::string_view PlaceOf(std::string_view subject) {
  return subject.substr(0, subject.find_first_of("@ "));
}

}  // namespace

bool IsSamePlace(const OverrideChange& a, const OverrideChange& b) {
  return a.keeper == b.keeper && PlaceOf(a.subject) == PlaceOf(b.subject);
}

std::string_view ToString(Standing standing) {
  switch (standing) {
    case Standing::kPending:
      return "pending";
    case Standing::kInForce:
      return "in_force";
    case Standing::kExpired:
      return "expired";
    case Standing::kLost:
      return "lost";
    case Standing::kTakenBack:
      return "taken_back";
    case Standing::kReplaced:
      return "replaced";
    case Standing::kUnreadable:
      return "unreadable";
  }
  return "unreadable";
}

bool MayWrite(Standing standing) {
  return standing == Standing::kPending || standing == Standing::kInForce ||
         standing == Standing::kExpired || standing == Standing::kLost;
}

std::string WhyLeftAlone(Standing standing, std::string_view found) {
  return std::string("left alone, since somebody ") +
         (standing == Standing::kReplaced ? "else set it to " : "took it back to ") +
         std::string(found);
}

Standing StandingOf(const OverrideChange& change, std::string_view found, std::string_view run,
                    Time now) {
  if (IsOurs(change, found)) return Standing::kInForce;
  // What expires leaves nothing behind, not what was before it: that is somebody's again.
  const bool as_before = found == change.before && (change.run.empty() || !change.expires_at);
  if (!as_before && found != kNoOverride) return Standing::kReplaced;
  if (change.run.empty()) return Standing::kPending;
  if (change.run != run) return Standing::kLost;
  if (change.expires_at && now >= *change.expires_at) return Standing::kExpired;
  return Standing::kTakenBack;
}

std::optional<Time> ExpiresAt(const Override& held) {
  std::optional<Time> earliest;
  for (const OverrideChange& change : held.changes) {
    if (change.expires_at && (!earliest || *change.expires_at < *earliest)) {
      earliest = change.expires_at;
    }
  }
  return earliest;
}

std::optional<Time> RenewAt(const Override& held, Time applied_at) {
  const std::optional<Time> end = ExpiresAt(held);
  if (!end) return std::nullopt;
  return applied_at + std::max(Duration(0), *end - applied_at) / 3;
}

}  // namespace promheal::healing
