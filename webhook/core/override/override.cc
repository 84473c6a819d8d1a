#include "webhook/core/override/override.h"

#include <algorithm>

namespace promheal::healing {
namespace {

bool IsOurs(const OverrideChange& change, std::string_view found) {
  return found == change.after ||
         std::find(change.earlier.begin(), change.earlier.end(), found) != change.earlier.end();
}

}  // namespace

std::string_view PlaceOf(const OverrideChange& change) {
  return std::string_view(change.subject).substr(0, change.subject.find_first_of("@ "));
}

bool IsSamePlace(const OverrideChange& a, const OverrideChange& b) {
  return a.keeper == b.keeper && PlaceOf(a) == PlaceOf(b);
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

Standing StandingOf(const OverrideChange& change, std::string_view found, std::string_view run,
                    Time now) {
  if (IsOurs(change, found)) return Standing::kInForce;
  // An expired entry leaves its place empty: if the value from before is there, a writer set it.
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
