#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "common/base/time.h"
#include "webhook/alerts/alertmanager_json.h"
#include "webhook/core/alert.h"

namespace promheal::healing {

// An answer of Alertmanager to the healer's poll.
struct AlertmanagerReading {
  Time asked_at;
  Duration interval{0};  // Between two readings.
  std::vector<KnownAlert> alerts;
};

// Compares Alertmanager's alerts with its deliveries. A delivery may still be on its way, or held
// back for its group, so a difference counts only if two readings show it. If Alertmanager does not
// answer, the last reading stays in force.
class AlertmanagerView {
 public:
  using FindAlert = std::function<const AlertRecord*(const AlertNotice&)>;

  // Takes over the silences of a reading. Call before any decision.
  void UpdateSilences(const AlertmanagerReading& reading);
  // Whether there was a reading yet.
  bool has_reading() const { return has_reading_; }

  // Notices that deliveries should have brought: alerts never sent, resolves that were lost.
  std::vector<AlertNotice> Compare(const AlertmanagerReading& reading, const FindAlert& find);

  // Whether the silenced alerts changed with the last reading.
  bool silences_changed() const { return silences_changed_; }

  // Ids of the silences that together cover all firing alerts; empty if an alert is not silenced.
  std::vector<std::string> SilencedBy(const std::vector<const AlertRecord*>& alerts) const;

 private:
  struct Seen {
    AlertNotice notice;
    int missing = 0;  // The number of readings without it.
  };

  std::map<std::string, Seen> seen_;                          // By fingerprint.
  std::map<std::string, std::vector<std::string>> silences_;  // By fingerprint.
  bool has_reading_ = false;
  bool silences_changed_ = false;
};

}  // namespace promheal::healing
