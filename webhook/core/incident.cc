#include "webhook/core/incident.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>

#include "common/base/text.h"

namespace promheal::healing {
namespace {

// Lower-case letters, digits and single dashes only.
std::string Slug(std::string_view text) {
  constexpr size_t kMaxLength = 40;
  std::string slug;
  for (const char c : text) {
    if (slug.size() == kMaxLength) break;
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
      slug += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    } else if (!slug.empty() && slug.back() != '-') {
      slug += '-';
    }
  }
  while (!slug.empty() && slug.back() == '-') slug.pop_back();
  return slug.empty() ? "unknown" : slug;
}

}  // namespace

std::string_view ToString(AttemptState state) {
  switch (state) {
    case AttemptState::kIntended:
      return "intended";
    case AttemptState::kDone:
      return "done";
    case AttemptState::kFailed:
      return "failed";
    case AttemptState::kUnknown:
      return "unknown";
    case AttemptState::kNotHappened:
      return "not_happened";
  }
  return "unknown";
}

std::string_view ToString(ActionVerdict verdict) {
  switch (verdict) {
    case ActionVerdict::kHealed:
      return "healed";
    case ActionVerdict::kIneffective:
      return "ineffective";
    case ActionVerdict::kUnknown:
      return "unknown";
    case ActionVerdict::kFailed:
      return "failed";
    case ActionVerdict::kNotHappened:
      return "not_happened";
  }
  return "unknown";
}

std::string_view ToString(TimelineKind kind) {
  switch (kind) {
    case TimelineKind::kAlert:
      return "alert";
    case TimelineKind::kDecision:
      return "decision";
    case TimelineKind::kIntent:
      return "intent";
    case TimelineKind::kAction:
      return "action";
    case TimelineKind::kVerification:
      return "verification";
    case TimelineKind::kVerdict:
      return "verdict";
    case TimelineKind::kOverride:
      return "override";
    case TimelineKind::kPerson:
      return "person";
    case TimelineKind::kClosed:
      return "closed";
  }
  return "unknown";
}

std::string_view ToString(Outcome outcome) {
  switch (outcome) {
    case Outcome::kHealed:
      return "healed";
    case Outcome::kRecovered:
      return "recovered";
    case Outcome::kEscalated:
      return "escalated";
    case Outcome::kSuppressed:
      return "suppressed";
    case Outcome::kShadow:
      return "shadow";
  }
  return "unknown";
}

Labels LabelsOf(const Incident& incident) {
  Labels labels = incident.labels;
  for (const auto& [name, value] : incident.target) labels.Set(name, value);
  return labels;
}

std::string MakeIncidentId(const Labels& target, Time now) {
  const std::string time = FormatRfc3339(now);  // 2026-11-21T21:53:27.120Z
  const uint64_t hash = Fnv1a(target.ToString() + time) & 0xffffffU;
  return fmt::format("{}-{}{}{}-{}{}{}-{:06x}", Slug(target.ToDisplayName()), time.substr(0, 4),
                     time.substr(5, 2), time.substr(8, 2), time.substr(11, 2), time.substr(14, 2),
                     time.substr(17, 2), hash);
}

void AppendEvent(Incident& incident, TimelineEvent event) {
  if (incident.timeline.size() >= kMaxTimelineEvents) {
    // The beginning and the end tell the story.
    incident.timeline.erase(incident.timeline.begin() + kMaxTimelineEvents / 4);
    ++incident.dropped_events;
  }
  incident.timeline.push_back(std::move(event));
}

}  // namespace promheal::healing
