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

// Everything in the ledger that decisions need, held in memory by the one worker: alerts, open
// incidents, cooldowns, frozen targets. Closed incidents and audit rows are only written.
struct LedgerImage {
  RecordTable<AlertRecord> alerts;  // By KeyOf.
  RecordTable<Incident> open;       // By KeyOf: one a target.
  RecordTable<Incident> closed;     // Closed since the last commit only.
  RecordTable<CooldownRecord> cooldowns;
  RecordTable<FrozenRecord> frozen;
  AuditTrail audit;
  RecordTable<Pause> pause;  // One at most.

  static Result<LedgerImage> Load(Ledger& ledger);

  // Writes all changes in one transaction; nothing to write is no transaction. After an error the
  // image is no longer what the ledger has: load it again.
  Status Commit(Ledger& ledger);

  // The alerts of an incident that are still known, and those that join it.
  std::vector<const AlertRecord*> AlertsOf(const Incident& incident,
                                           const std::vector<std::string>& joining = {}) const;

  // A person's freeze of the whole target is one of this part of it.
  void NoteFreezeOfWhole(const Labels& whole, LedgerView& view) const;

  // What is known about a target at `now`, with the cooldowns of these actions (a map by name).
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

// Deletes what closed before `until`, at most `limit` incidents; how many there were.
Result<size_t> PruneClosed(Ledger& ledger, Time until, size_t limit);

}  // namespace promheal::healing
