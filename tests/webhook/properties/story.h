#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/webhook/healer/world.h"
#include "tests/webhook/properties/history.h"

namespace promheal::healing::samples {

// The invariants: they hold whatever happens.
enum class Invariant {
  kBudgets,         // 1: no more actions in flight or per hour than the budgets allow.
  kCooldowns,       // 2: no action on the same target twice within its cooldown.
  kOrder,           // 3: any order, grouping and duplication of alerts leads to the same actions.
  kEveryAlertEnds,  // 4: every accepted alert ends in exactly one outcome.
  kLadder,          // 5: if a rung does not help, the next follows; then the target is frozen.
  kNothingIsLeft,   // 6: overrides are gone in the end; until then they expire or are on record.
  kOnlyOurs,        // 7: settings of others are neither removed nor overwritten.
  kNoActionWhen,    // 8: no action while paused, in maintenance, silenced, without an alert or
                    // without data.
  kProtected,       // 9: no action on anything that promheal depends on.
  kHostileLabels,   // 10: no action with a label value that could be code.
};

// The service with a maintenance window, and the window in seconds after Start() by wall clock.
inline const std::string kInMaintenance = "auth";
inline constexpr int kMaintenanceFrom = 30;
inline constexpr int kMaintenanceUntil = 120;

struct Violation {
  Invariant invariant = Invariant::kBudgets;
  std::string text;
};

// Plays a history to a healer, and checks the invariants.
class Story {
 public:
  Story();

  // Plays the whole history, then an end: every service recovers, its alerts are resolved, and time
  // passes. Returns all violations, in order.
  std::vector<Violation> Tell(const History& history);

  // Plays an event and the time after it.
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
  // Wall time without the clock having been set back.
  Time Elapsed() const { return world_.now() + world_.set_back(); }
  bool IsFrozen(const Labels& target) const;
  std::vector<Incident> Incidents(std::string_view prefix) const;
  const HeldOverride* OnRecord(const FakeGateway::Place& place);
  void Wrong(Invariant invariant, std::string text);

  std::shared_ptr<FakeGateway> gateway_ = std::make_shared<FakeGateway>();
  PolicySet policies_;
  World world_;
  std::vector<Violation> violations_;
  std::map<std::string, std::map<std::string, AlertNotice>>
      firing_;                                   // Firing now, by service and scenario.
  std::map<std::string, AlertNotice> accepted_;  // The last notice by alert key.
  std::set<std::string> ever_accepted_;
  std::map<std::string, Time> silent_since_;   // By service: all its alerts are resolved since.
  std::map<std::string, Time> no_data_since_;  // By service.
  std::map<std::pair<std::string, std::string>, Time> last_performed_;
  size_t performed_seen_ = 0;
  std::vector<std::pair<Time, std::string>> performed_;  // By Elapsed() and service.
  bool paused_ = false;
  std::set<std::string> silenced_;
  int kills_ = 0;
  int lives_shown_to_ = 0;  // The healer's life that was told of the silences.
  std::vector<HeldOverride> on_record_;
};

}  // namespace promheal::healing::samples
