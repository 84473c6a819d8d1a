#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "webhook/core/decision.h"
#include "webhook/ledger/audit_trail.h"
#include "webhook/ledger/ledger.h"
#include "webhook/ledger/records.h"
#include "webhook/state/record_table.h"

namespace promheal::healing {

// The worker's copy in memory of everything in the ledger that decisions need: alerts, open
// incidents, cooldowns, frozen targets. Closed incidents and audit rows are only written.
struct LedgerImage {
  RecordTable<AlertRecord> alerts;  // By KeyOf.
  RecordTable<Incident> open;       // By KeyOf: at most one for each target.
  RecordTable<Incident> closed;     // Only those since the last commit.
  RecordTable<CooldownRecord> cooldowns;
  RecordTable<FrozenRecord> frozen;
  AuditTrail audit;
  RecordTable<Pause> pause;  // At most one.

  static Result<LedgerImage> Load(Ledger& ledger);

  // Writes all changes in one transaction, or none if nothing changed. After an error the image
  // differs from the ledger: load it again.
  Status Commit(Ledger& ledger);

  // The alerts of an incident that are still on record, and those that join it.
  std::vector<const AlertRecord*> AlertsOf(const Incident& incident,
                                           const std::vector<std::string>& joining = {}) const;

  // A person's freeze of the whole target also applies to this part.
  void NoteFreezeOfWhole(const Labels& whole, LedgerView& view) const;

  // The ledger's view of a target at `now`, with the cooldowns of these actions (a map by name).
  template <typename Actions>
  LedgerView ViewOf(const Labels& target, const Actions& actions, Time now) const {
    LedgerView view;
    for (const auto& [action, unused] : actions) {
      const std::string key = KeyOf(CooldownRecord{.target = target, .action = action});
      const auto* cooldown = cooldowns.Find(key);
      if (cooldown == nullptr) continue;
      view.not_before[action] = cooldown->not_before;
      view.uses[action] = CountUses(cooldown->uses, now);
    }
    const auto* freeze = frozen.Find(KeyOf(FrozenRecord{.target = target}));
    if (freeze != nullptr) NoteFreeze(*freeze, view);
    if (!pause.all().empty()) view.paused = *pause.all().begin()->second;
    return view;
  }

 private:
  static void NoteFreeze(const FrozenRecord& freeze, LedgerView& view);
};

// The latest closed incidents, newest first.
Result<std::vector<Incident>> LoadClosed(Ledger& ledger, size_t limit);

// Deletes at most `limit` incidents that closed before `until`. Returns their number.
Result<size_t> PruneClosed(Ledger& ledger, Time until, size_t limit);

}  // namespace promheal::healing
