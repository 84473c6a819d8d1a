#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/webhook/healer/world.h"
#include "tests/webhook/properties/history.h"

namespace promheal::healing::samples {

// What must hold whatever happens.
enum class Invariant {
  kBudgets,         // 1: no more actions under way than the budgets allow.
  kCooldowns,       // 2: the same action on the same target once a cooldown at most.
  kOrder,           // 3: any order, grouping and duplication of alerts leads to the same actions.
  kEveryAlertEnds,  // 4: every accepted alert ends in exactly one outcome.
  kLadder,          // 5: what does not help climbs; then the target is left alone.
  kNothingIsLeft,   // 6: overrides are gone in the end, or else expire or are on record.
  kOnlyOurs,        // 7: what is not ours is neither taken back nor written over.
  kNoActionWhen,    // 8: nothing acts while paused, in maintenance, silenced, without an alert or
                    // without data.
  kProtected,       // 9: never on what we rest on.
  kHostileLabels,   // 10: never with a label value that could be more than a value.
};

// Of kServices the one that is in maintenance, as clocks show it: seconds after Start().
inline const std::string kInMaintenance = "auth";
inline constexpr int kMaintenanceFrom = 30;
inline constexpr int kMaintenanceUntil = 120;

struct Violation {
  Invariant invariant = Invariant::kBudgets;
  std::string text;
};

// Plays histories to a healer, and watches it.
class Story {
 public:
  Story();

  // The whole history, then an end in which everybody is well, is told to be, and time passes.
  // Everything that was wrong on the way, in order.
  std::vector<Violation> Tell(const History& history);

  // One event, and what passes after it.
  void Tell(const Event& event);
  const World& world() const { return world_; }
  const FakeGateway& gateway() const { return *gateway_; }

 private:
  void Happen(const Event& event);
  void Break(const std::string& service, int trouble);
  void Alert(const std::string& service, const std::string& scenario, int copies);
  void Resolve(const std::string& service);
  void SetByHand();
  void Order(OrderKind kind);
  void ShowAlertmanager();
  void End();
  void CheckDeadHealer();
  void CheckEnd();

  void SeeAlert(const AlertNotice& notice);
  void SeeEvent(const Incident& incident, const TimelineEvent& event);
  void SeeIntent(const Incident& incident);
  void SeeWrite(const FakeGateway::Place& place, const std::string& value);
  void SeePerformed();
  int Lives() const { return world_.deaths() + kills_; }
  // Wall time as it would be had nobody set the clock back.
  Time Elapsed() const { return world_.now() + world_.set_back(); }
  bool IsFrozen(const Labels& target) const;
  std::vector<Incident> Incidents(std::string_view prefix) const;
  const HeldOverride* OnRecord(const FakeGateway::Place& place);
  void Wrong(Invariant invariant, std::string text);

  std::shared_ptr<FakeGateway> gateway_ = std::make_shared<FakeGateway>();
  PolicySet policies_;
  World world_;
  std::vector<Violation> violations_;
  std::map<std::string, std::map<std::string, AlertNotice>> firing_;  // By service and name: told.
  std::map<std::string, AlertNotice> accepted_;                       // By fingerprint: the last.
  std::set<std::string> ever_accepted_;
  std::map<std::string, Time> silent_since_;   // By service: all its alerts are resolved.
  std::map<std::string, Time> no_data_since_;  // By service.
  std::map<std::pair<std::string, std::string>, Time> last_performed_;
  size_t performed_seen_ = 0;
  std::vector<std::pair<Time, std::string>>
      performed_;  // When it would be had no clock been set back.
  bool paused_ = false;
  std::set<std::string> silenced_;
  int kills_ = 0;
  int lives_shown_to_ = 0;  // Which of its lives knows of the silences.
  std::vector<HeldOverride> on_record_;
};

}  // namespace promheal::healing::samples
