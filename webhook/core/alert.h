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

// The source of alerts from Alertmanager, both delivered and polled.
inline constexpr std::string_view kAlertmanagerSource = "alertmanager";

// One alert in one delivery. Its identity is (source, fingerprint), never the group it came in:
// two routes would otherwise lead to two actions.
struct AlertNotice {
  std::string source = std::string(kAlertmanagerSource);
  std::string fingerprint;  // The sender's hash of the labels; unique within the source.
  AlertStatus status = AlertStatus::kFiring;
  Labels labels;
  std::map<std::string, std::string> annotations;
  Time starts_at;
  Time ends_at;  // Only if resolved.
  std::string generator_url;
};

// One webhook call. The group's status is not kept: a partial resolve arrives as "firing".
struct Delivery {
  std::string group_key;
  std::string receiver;
  std::vector<AlertNotice> alerts;
  int truncated_alerts = 0;  // Left out by the sender (its max_alerts).
  std::string sender;        // "alice at 10.0.0.1": the authenticated sender and its address.
};

// The effect of a notice on the record of its alert.
enum class AlertChange {
  kNew,             // First firing of this alert, or the first after a resolve.
  kRepeat,          // Already known to fire: a heartbeat, a duplicate, an HA copy.
  kResolved,        // Fired until now.
  kUnknownResolve,  // A resolve of an alert that does not fire here.
  kLate,            // A firing that its resolve has overtaken on the way: ignored.
  kDoubtful,        // Fires again after its resolve without a new start: data must decide.
};
std::string_view ToString(AlertChange change);  // "new", "repeat", ...

// Everything known about one alert. Merging is idempotent, and within `reorder_tolerance` the order
// of notices does not matter: the latest start is compared with the latest end.
struct AlertRecord {
  std::string source;
  std::string fingerprint;
  Labels labels;
  std::map<std::string, std::string> annotations;
  std::string generator_url;
  Time starts_at;       // The start of the current or last firing.
  Time resolved_until;  // Firings that started up to here are over. The epoch: never resolved.
  Time resolved_received_at;
  Time last_seen;          // When the last notice that it fires came.
  bool has_fired = false;  // false: only resolves have come so far.
  bool doubtful = false;   // Fires again without a new start after a resolve.

  bool operator==(const AlertRecord&) const = default;
};

// Whether the alert fires by its notices. Doubtful alerts fire, too.
bool IsFiring(const AlertRecord& record);

// Updates the record with a notice that came at `received_at`. A resolve whose end lies in the
// future ends at `received_at`, or at the alert's start if that is later. A resolve without an end
// (older senders) ends at its start.
AlertChange Merge(AlertRecord& record, const AlertNotice& notice, Time received_at,
                  Duration reorder_tolerance);

// Resolves at `now` an alert that was not repeated for too long: its resolve was lost.
void Expire(AlertRecord& record, Time now);

// Forgets the doubt about an alert whose incident has closed.
void SettleDoubt(AlertRecord& record);

// "source/fingerprint": the alert's key in the ledger and in logs.
std::string AlertKey(std::string_view source, std::string_view fingerprint);

// The target of an alert: its labels reduced to `target_labels`; empty if it has none of them. An
// alert that also has all `optional_labels` is about a part of that target, such as an instance of
// a service; that part is a target of its own.
Labels TargetOf(const Labels& alert_labels, const std::vector<std::string>& target_labels,
                const std::vector<std::string>& optional_labels = {});

// Whether `part` has all labels of `whole`, and further ones.
bool IsPartOf(const Labels& part, const Labels& whole);

}  // namespace promheal::healing
