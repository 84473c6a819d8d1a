#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/base/result.h"
#include "webhook/config/config.h"
#include "webhook/core/advance/advance.h"
#include "webhook/core/order.h"
#include "webhook/healer/alertmanager_view.h"
#include "webhook/healer/known_configs.h"
#include "webhook/ledger/ledger.h"
#include "webhook/state/calls.h"
#include "webhook/state/healing_snapshot.h"
#include "webhook/state/ledger_image.h"
#include "webhook/state/open_incidents.h"
#include "webhook/state/orphans.h"
#include "webhook/state/spending.h"

namespace promheal::healing {

// Is told what has become durable.
class HealerListener {
 public:
  virtual ~HealerListener() = default;
  virtual void AlertTaken(const AlertNotice& notice, AlertChange change) = 0;
  virtual void Happened(const Incident& incident, const TimelineEvent& event) = 0;
  // Not a matter of the ledger.
  virtual void FoundOrphan(const Orphan& orphan) = 0;
  // Begins, or is over: see core/storm.h. Whoever need not know of it need not listen.
  virtual void StormChanged(bool /*begins*/, const StormLimit& /*limit*/) {}
  virtual void CarriedOut(const Order& /*order*/, const OrderReport& /*report*/) {}
  // A person has marked it; for whoever learns from it.
  virtual void WasFalseAlarm(const Incident& /*incident*/) {}
  // The alert that always fires has come all the way.
  virtual void HeardWatchdog(Time /*now*/) {}
};

// What one step takes in.
struct HealerInput {
  std::vector<Delivery> deliveries;
  std::vector<CallAnswer> answers;
  std::optional<AlertmanagerReading> reading;  // The latest.
  std::vector<Order> orders;                   // Carried out before anything else is decided.
  ConfigSnapshot new_config;                   // Null: unchanged.
};

// Owns the ledger and the incidents. Each Step takes in what came, advances what is due, commits
// all of it in one transaction, and only then starts the calls: an intent is durable before its
// action. After a failed commit everything is read from the ledger again. Thread safety: one thread
// at a time.
class Healer {
 public:
  Healer(Ledger& ledger, Calls& calls, HealerListener& listener, ConfigSnapshot config)
      : ledger_(ledger), calls_(calls), listener_(listener), configs_(std::move(config)) {}

  // An error means that of `input` nothing but the configuration was taken in, and that the ledger
  // cannot be used now; the answers among it are not needed any more.
  Status Step(const HealerInput& input, Time now);

  // What came of the orders of the last step, in their order. To be asked only after a step that
  // succeeded.
  std::vector<Result<OrderReport>> TakeReports();

  // When to step again, should nothing come in before.
  Time next_wake() const { return next_wake_; }
  // What there is to see that was not there after the last step for which this was asked. To be
  // asked only after a step that succeeded.
  SnapshotNews TakeNews();

 private:
  struct News {
    std::shared_ptr<const Incident> incident;
    std::vector<TimelineEvent> events;
  };
  // What the step under way leads to once it is durable.
  struct Consequences {
    std::vector<CallRequest> calls;
    std::vector<News> news;
    std::vector<std::pair<AlertNotice, AlertChange>> taken;
    std::vector<std::pair<Order, OrderReport>> carried_out;
    std::vector<std::shared_ptr<const Incident>> false_alarms;
    bool heard_watchdog = false;
  };

  // Alerts by the ledger key of the open incident that they join: all at once, since each step of
  // an incident takes as long as it has alerts.
  using Joining = std::map<std::string, std::vector<std::string>>;

  void Reconfigure(ConfigSnapshot config);
  Status Load();
  void NoticeClock(bool fresh, Time now);
  void NoteStart(bool fresh, bool reloaded, Time now);
  void Take(const HealerInput& input, Time now);
  void TakeAnswer(const CallAnswer& answer, Time now);
  void TakeReading(const AlertmanagerReading& reading, Joining& joining, Time now);
  void TakeNotice(const AlertNotice& notice, const std::string& sender, Joining& joining, Time now);
  void Open(const std::string& key, const AlertRecord& alert, const std::string& sender, Time now);
  void TidyUp(Time now);
  void WakeIncidentOf(const AlertRecord& alert, Time now);
  Labels TargetOf(const AlertRecord& alert) const;
  std::string IncidentKeyOf(const AlertRecord& alert) const;
  void AdvanceEach(const std::vector<std::string>& keys, const Stimulus& stimulus, Time now);
  void AdvanceOne(const std::string& key, const Stimulus& stimulus, Time now);
  void Record(const std::string& key, Incident incident, Advanced advanced);
  std::vector<std::string> SilencedBy(const Incident& incident,
                                      const std::vector<const AlertRecord*>& alerts) const;
  void Audit(std::vector<AuditRow> rows);
  void FinishIncident(const std::string& key, std::shared_ptr<const Incident> incident);
  void LookForOrphans(Time now);
  void TellOfStorm(Time now);

  void CarryOut(const std::vector<Order>& orders, Time now);
  Result<OrderReport> CarryOut(const Order& order, Time now);
  OrderReport CarryOutPause(const Order& order, Time now);
  OrderReport CarryOutResume(Time now);
  OrderReport CarryOutFreeze(const Order& order, Time now);
  OrderReport CarryOutUnfreeze(const Order& order, Time now);
  Result<OrderReport> CarryOutFalseAlarm(const Order& order, Time now);
  Result<bool> MarkClosed(const Order& order, Time now);
  Result<OrderReport> CarryOutRelease(const Order& order, Time now);
  void WakeAll(Time now);

  void Settle(Time now);
  void Prune(Time now);

  Ledger& ledger_;
  Calls& calls_;
  HealerListener& listener_;
  KnownConfigs configs_;
  std::optional<LedgerImage> image_;  // Nothing: must be loaded.
  bool has_started_ = false;          // The ledger says so.
  bool has_failed_ = false;           // It could not be written lately, which it does not say yet.
  OpenIncidents open_;
  Spending spending_;
  bool told_of_storm_ = false;
  Orphans orphans_;
  GatewayLooks gateways_;
  AlertmanagerView alertmanager_;
  Time last_step_;
  Time next_tidy_;
  Time next_prune_;
  Time next_look_;  // For orphans.
  // Actions whose keepers are being looked at: one that hangs must not hold up what else there is
  // to do, with a further call each time.
  std::set<std::string> looking_;
  Time next_wake_;
  Consequences consequences_;
  std::vector<Result<OrderReport>> reports_;
  SnapshotNews shown_news_;  // Of what the tables of the image do not tell themselves.
};

}  // namespace promheal::healing
