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

// What Alertmanager said when it was asked.
struct AlertmanagerReading {
  Time asked_at;
  Duration interval{0};  // Between two of them.
  std::vector<KnownAlert> alerts;
};

// Compares what Alertmanager has with what its deliveries said. A delivery may be on its way, or
// kept back on purpose for a group, so only what two readings show counts. An Alertmanager that
// cannot be asked changes nothing: what it said last stays.
class AlertmanagerView {
 public:
  using FindAlert = std::function<const AlertRecord*(const AlertNotice&)>;

  // What a reading says of silences; before anything is decided.
  void HearSilences(const AlertmanagerReading& reading);
  // Whether there was a reading at all.
  bool has_heard() const { return has_heard_; }

  // What else a reading says. What deliveries should have said: alerts that fire and were never
  // sent, and resolves of alerts that an earlier reading has shown and it has no more.
  std::vector<AlertNotice> Take(const AlertmanagerReading& reading, const FindAlert& find);

  // Whether the last reading silenced other alerts than the one before.
  bool silences_changed() const { return silences_changed_; }

  // Ids of the silences that together cover all of these that fire; none where one is not silenced.
  std::vector<std::string> SilencedBy(const std::vector<const AlertRecord*>& alerts) const;

 private:
  struct Seen {
    AlertNotice notice;
    int missing = 0;  // In how many readings since.
  };

  std::map<std::string, Seen> seen_;                          // By fingerprint.
  std::map<std::string, std::vector<std::string>> silences_;  // Likewise.
  bool has_heard_ = false;
  bool silences_changed_ = false;
};

}  // namespace promheal::healing
