#include "webhook/core/alert.h"

#include <algorithm>

namespace promheal::healing {
namespace {

void Describe(AlertRecord& record, const AlertNotice& notice) {
  record.source = notice.source;
  record.fingerprint = notice.fingerprint;
  record.labels = notice.labels;
  record.annotations = notice.annotations;
  record.generator_url = notice.generator_url;
}

AlertChange MergeResolve(AlertRecord& record, const AlertNotice& notice, Time received_at) {
  const bool was_firing = IsFiring(record);
  // If our clock is behind the sender's, an alert may have started later than now.
  const Time latest = std::max({received_at, record.starts_at, notice.starts_at});
  const Time end = std::min(std::max(notice.ends_at, notice.starts_at), latest);
  // A later resolve settles the doubt; a late copy of the earlier resolve does not.
  if (end > record.resolved_until) {
    record.resolved_until = end;
    record.resolved_received_at = received_at;
    record.doubtful = false;
  }
  if (!record.has_fired) Describe(record, notice);
  return was_firing && !IsFiring(record) ? AlertChange::kResolved : AlertChange::kUnknownResolve;
}

AlertChange MergeFiring(AlertRecord& record, const AlertNotice& notice, Time received_at,
                        Duration reorder_tolerance) {
  const bool was_firing = IsFiring(record);
  const bool over = notice.starts_at <= record.resolved_until;
  if (over && !was_firing && received_at < record.resolved_received_at + reorder_tolerance) {
    return AlertChange::kLate;
  }
  if (was_firing) {
    record.starts_at = over ? record.starts_at : std::max(record.starts_at, notice.starts_at);
    record.last_seen = std::max(record.last_seen, received_at);
    return AlertChange::kRepeat;
  }
  Describe(record, notice);
  record.has_fired = true;
  record.starts_at = notice.starts_at;
  record.last_seen = received_at;
  record.doubtful = over;
  return over ? AlertChange::kDoubtful : AlertChange::kNew;
}

}  // namespace

std::string_view ToString(AlertStatus status) {
  return status == AlertStatus::kFiring ? "firing" : "resolved";
}

std::string_view ToString(AlertChange change) {
  switch (change) {
    case AlertChange::kNew:
      return "new";
    case AlertChange::kRepeat:
      return "repeat";
    case AlertChange::kResolved:
      return "resolved";
    case AlertChange::kUnknownResolve:
      return "unknown_resolve";
    case AlertChange::kLate:
      return "late";
    case AlertChange::kDoubtful:
      return "doubtful";
  }
  return "unknown";
}

bool IsFiring(const AlertRecord& record) {
  return record.has_fired && (record.doubtful || record.starts_at > record.resolved_until);
}

AlertChange Merge(AlertRecord& record, const AlertNotice& notice, Time received_at,
                  Duration reorder_tolerance) {
  return notice.status == AlertStatus::kResolved
             ? MergeResolve(record, notice, received_at)
             : MergeFiring(record, notice, received_at, reorder_tolerance);
}

void Expire(AlertRecord& record, Time now) {
  record.resolved_until = std::max({now, record.starts_at, record.resolved_until});
  record.resolved_received_at = now;
  record.doubtful = false;
}

void SettleDoubt(AlertRecord& record) { record.doubtful = false; }

std::string AlertKey(std::string_view source, std::string_view fingerprint) {
  return std::string(source) + '/' + std::string(fingerprint);
}

Labels TargetOf(const Labels& alert_labels, const std::vector<std::string>& target_labels,
                const std::vector<std::string>& optional_labels) {
  const Labels whole = alert_labels.Only(target_labels);
  if (whole.empty() || !alert_labels.HasAll(optional_labels)) return whole;
  std::vector<std::string> all = target_labels;
  all.insert(all.end(), optional_labels.begin(), optional_labels.end());
  return alert_labels.Only(all);
}

bool IsPartOf(const Labels& part, const Labels& whole) {
  return !whole.empty() && part.size() > whole.size() &&
         std::all_of(whole.begin(), whole.end(), [&](const Labels::Pair& label) {
           return part.Get(label.first) == label.second;
         });
}

}  // namespace promheal::healing
