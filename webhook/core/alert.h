#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/labels.h"
#include "common/base/time.h"

namespace promheal::healing {

enum class AlertStatus { kFiring, kResolved };
std::string_view ToString(AlertStatus status);  // "firing", "resolved"

// The source of what Alertmanager sends, and of what it says when it is asked.
inline constexpr std::string_view kAlertmanagerSource = "alertmanager";

// What one delivery says about one alert. An alert is identified by (source, fingerprint), never by
// the group it came in: two routes would otherwise act twice.
struct AlertNotice {
  std::string source = std::string(kAlertmanagerSource);
  std::string fingerprint;  // The sender's hash of the labels; unique within the source.
  AlertStatus status = AlertStatus::kFiring;
  Labels labels;
  std::map<std::string, std::string> annotations;
  Time starts_at;
  Time ends_at;  // Meaningful where resolved.
  std::string generator_url;
};

// One webhook call. Its group status is not kept: a partial resolve arrives as "firing".
struct Delivery {
  std::string group_key;
  std::string receiver;
  std::vector<AlertNotice> alerts;
  int truncated_alerts = 0;  // How many the sender left out (its max_alerts).
  std::string sender;        // "alice at 10.0.0.1": who authenticated, and from where.
};

// What a notice did to what was known.
enum class AlertChange {
  kNew,             // First firing of this alert, or the first after a resolve.
  kRepeat,          // Already known to fire: a heartbeat, a duplicate, an HA copy.
  kResolved,        // Fired until now.
  kUnknownResolve,  // A resolve for what never fired here, or fired no more.
  kLate,            // A firing that a resolve just overtook: reordered on the way, ignored.
  kDoubtful,        // Firing again after its resolve without a new start: only data can tell.
};
std::string_view ToString(
    AlertChange change);  // "new", "repeat", ... as metric label and log value.

// Everything known about one alert. Merging is idempotent, and within `reorder_tolerance` the order
// of notices does not matter: what counts is the latest start against the latest end.
struct AlertRecord {
  std::string source;
  std::string fingerprint;
  Labels labels;
  std::map<std::string, std::string> annotations;
  std::string generator_url;
  Time starts_at;       // Of the current or last firing.
  Time resolved_until;  // Everything that started up to here is over; the epoch: never resolved.
  Time resolved_received_at;
  Time last_seen;          // When the last notice of a firing came: the heartbeat.
  bool has_fired = false;  // false: only a resolve has been seen so far.
  bool doubtful = false;   // Fires again without a new start after a resolve.

  bool operator==(const AlertRecord&) const = default;
};

// Whether the alert fires now, as far as its notices say. Doubtful alerts fire, too.
bool IsFiring(const AlertRecord& record);

// Takes in one notice that came at `received_at`. A resolve that claims to end in the future ends
// at `received_at`, or with the start of what it ends where even that is later, and one without an
// end (older senders) ends at its start.
AlertChange Merge(AlertRecord& record, const AlertNotice& notice, Time received_at,
                  Duration reorder_tolerance);

// Takes an alert that was not repeated for too long as resolved at `now`: its resolve was lost.
void Expire(AlertRecord& record, Time now);

// Forgets the doubt about an alert whose incident has closed.
void SettleDoubt(AlertRecord& record);

// "source/fingerprint": under which ledger and logs know the alert.
std::string AlertKey(std::string_view source, std::string_view fingerprint);

// What is wrong is wrong with a target: the alert's labels, reduced to `target_labels`. Empty where
// the alert has none of them. An alert that has all of `optional_labels`, too, is about a part of
// such a target, which is a target of its own: one instance of a service.
Labels TargetOf(const Labels& alert_labels, const std::vector<std::string>& target_labels,
                const std::vector<std::string>& optional_labels = {});

// Whether `part` is a part of `whole`: the same labels, and others beside them.
bool IsPartOf(const Labels& part, const Labels& whole);

}  // namespace promheal::healing
