#include "webhook/state/tidy.h"

#include <algorithm>
#include <string>
#include <utility>

#include "webhook/core/advance/set_back.h"

namespace promheal::healing {

std::vector<AlertRecord> Tidy(LedgerImage& image, Duration alert_expires_after, Time now) {
  std::vector<std::string> expired_keys;
  std::vector<std::string> forgotten;
  for (const auto& [key, alert] : image.alerts.all()) {
    const Time heard = std::max(alert->last_seen, alert->resolved_received_at);
    if (heard + alert_expires_after > now) continue;
    (IsFiring(*alert) ? expired_keys : forgotten).push_back(key);
  }
  std::vector<AlertRecord> expired;
  for (const std::string& key : expired_keys) {
    AlertRecord alert = *image.alerts.Find(key);
    Expire(alert, now);
    expired.push_back(alert);
    image.alerts.Put(key, std::move(alert));
  }
  for (const std::string& key : forgotten) image.alerts.Erase(key);
  image.cooldowns.EraseIf([&](const CooldownRecord& cooldown) {
    return cooldown.not_before <= now && CountUses(cooldown.uses, now) == 0;
  });
  image.frozen.EraseIf([&](const FrozenRecord& frozen) { return frozen.until <= now; });
  return expired;
}

void SetBack(LedgerImage& image, Duration by) {
  image.open.Update([by](Incident& incident) { SetBack(incident, by); });
  image.cooldowns.Update([by](CooldownRecord& cooldown) {
    cooldown.not_before -= by;
    for (ActionUse& use : cooldown.uses) use.at -= by;
  });
  image.pause.Update([by](Pause& pause) { pause.since -= by; });
  image.frozen.Update([by](FrozenRecord& frozen) { frozen.until -= by; });
}

Time LatestNote(const LedgerImage& image) {
  Time latest;
  for (const auto& [key, incident] : image.open.all()) {
    latest = std::max(latest, LatestNote(*incident));
  }
  return latest;
}

}  // namespace promheal::healing
