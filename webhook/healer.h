#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "webhook/calls.h"
#include "webhook/config.h"
#include "webhook/core/advance.h"
#include "webhook/healing_snapshot.h"
#include "webhook/ledger/ledger.h"
#include "webhook/ledger_image.h"
#include "webhook/orphans.h"

namespace promheal::healing {

// Is told what has become durable.
class HealerListener {
 public:
  virtual ~HealerListener() = default;
  virtual void AlertTaken(const AlertNotice& notice, AlertChange change) = 0;
  virtual void Happened(const Incident& incident, const TimelineEvent& event) = 0;
  // Not a matter of the ledger.
  virtual void FoundOrphan(const Orphan& orphan) = 0;
};

// What one step takes in.
struct HealerInput {
  std::vector<Delivery> deliveries;
  std::vector<CallAnswer> answers;
  ConfigSnapshot new_config;  // Null: unchanged.
};

// Owns the ledger and the incidents. Each Step takes in what came, advances what is due, commits
// all of it in one transaction, and only then starts the calls: an intent is durable before its
// action. After a failed commit everything is read from the ledger again. Thread safety: one thread
// at a time.
class Healer {
 public:
  Healer(Ledger& ledger, Calls& calls, HealerListener& listener, ConfigSnapshot config)
      : ledger_(ledger), calls_(calls), listener_(listener), config_(std::move(config)) {}

  // An error means that nothing of `input` was taken in, and that the ledger cannot be used now;
  // the answers among it are not needed any more.
  Status Step(const HealerInput& input, Time now);

  // When to step again, should nothing come in before.
  Time next_wake() const { return next_wake_; }
  std::shared_ptr<const HealingSnapshot> snapshot() const;

 private:
  struct Tracked {
    Watch watch;
    Time wake_at;
  };
  struct News {
    std::shared_ptr<const Incident> incident;
    std::vector<TimelineEvent> events;
  };

  // Alerts by the ledger key of the open incident that they join: all at once, since each step of
  // an incident takes as long as it has alerts.
  using Joining = std::map<std::string, std::vector<std::string>>;

  void Reconfigure(ConfigSnapshot config);
  const ConfigSnapshot& ConfigOf(const std::string& action) const;
  Status Load();
  void NoticeClock(bool fresh, Time now);
  void Take(const HealerInput& input, Time now);
  void TakeNotice(const AlertNotice& notice, Joining& joining, Time now);
  void Open(const std::string& key, const AlertRecord& alert, Time now);
  void Tidy(Time now);
  void ExpireAlert(const std::string& key, Time now);
  void WakeIncidentOf(const AlertRecord& alert, Time now);
  Labels TargetOf(const AlertRecord& alert) const;
  std::string BusyInstanceOf(const Incident& incident) const;
  std::string IncidentKeyOf(const AlertRecord& alert) const;
  std::optional<std::string> WhyInfeasible(const std::string& name, const Labels& labels) const;
  void AdvanceAll(const Stimulus& stimulus, Time now);
  void AdvanceOne(const std::string& key, const Stimulus& stimulus, Time now);
  void Record(const std::string& key, Incident incident, Advanced advanced);
  void FinishIncident(const std::string& key, Incident incident);
  void Apply(const std::string& key, const Incident& incident, Effect effect);
  BudgetUse UseWithout(const std::string& key, const Labels& target) const;
  void LookForOrphans(Time now);
  void TakeReading(const OverridesRead& read);
  void Settle(Time now);
  void Prune(Time now);
  Time NextWake(Time now) const;

  Ledger& ledger_;
  Calls& calls_;
  HealerListener& listener_;
  ConfigSnapshot config_;
  std::map<std::string, ConfigSnapshot> last_known_by_;  // Of actions that are gone: who held them.

  std::optional<LedgerImage> image_;        // Nothing: must be loaded.
  std::map<std::string, Tracked> tracked_;  // Open incidents, by ledger key.
  std::set<std::string> in_flight_;         // Of those, with an action under way.
  std::map<std::string, std::shared_ptr<const Incident>> shown_;
  std::deque<std::shared_ptr<const Incident>> closed_;
  Time last_step_;
  Time next_tidy_;
  Time next_prune_;
  Time next_look_;  // For orphans.
  Orphans orphans_;
  Time next_wake_;

  // Of the step under way, until it is durable.
  std::vector<CallRequest> starting_;
  std::vector<News> news_;
  std::vector<std::pair<AlertNotice, AlertChange>> taken_;
};

}  // namespace promheal::healing
