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

// Hears of changes once they are durable.
class HealerListener {
 public:
  virtual ~HealerListener() = default;
  virtual void AlertAccepted(const AlertNotice& notice, AlertChange change) = 0;
  virtual void Happened(const Incident& incident, const TimelineEvent& event) = 0;
  // The ledger does not keep orphans.
  virtual void FoundOrphan(const Orphan& orphan) = 0;
  // A storm begins or ends: see core/storm.h.
  virtual void StormChanged(bool /*begins*/, const StormLimit& /*limit*/) {}
  virtual void CarriedOut(const Order& /*order*/, const OrderReport& /*report*/) {}
  // A person marked the incident as a false alarm.
  virtual void WasFalseAlarm(const Incident& /*incident*/) {}
  // The alert that always fires has arrived.
  virtual void HeardWatchdog(Time /*now*/) {}
};

// The input of one step.
struct HealerInput {
  std::vector<Delivery> deliveries;
  std::vector<CallAnswer> answers;
  std::optional<AlertmanagerReading> reading;  // The latest reading.
  std::vector<Order> orders;                   // Carried out before any decision.
  ConfigSnapshot new_config;                   // Null if unchanged.
};

// Owns the ledger and the incidents. Each Step ingests its input, advances every incident that is
// due, commits all changes in one transaction, and only then starts the calls: an intent is durable
// before its action. After a failed commit everything is read from the ledger again.
// Thread safety: one thread at a time.
class Healer {
 public:
  Healer(Ledger& ledger, Calls& calls, HealerListener& listener, ConfigSnapshot config)
      : ledger_(ledger), calls_(calls), listener_(listener), configs_(std::move(config)) {}

  // On error only `new_config` took effect and the ledger is unusable. Answers may be dropped:
  // their actions are observed later.
  Status Step(const HealerInput& input, Time now);

  // The results of the last step's orders, in their order. Call only after a successful Step.
  std::vector<Result<OrderReport>> PopReports();

  // When to step again if no input arrives before.
  Time next_wake() const { return next_wake_; }
  // Changes since the previous PopNews. Call only after a successful Step.
  SnapshotNews PopNews();

 private:
  struct News {
    std::shared_ptr<const Incident> incident;
    std::vector<TimelineEvent> events;
  };
  // Follows from the current step once it is durable.
  struct Consequences {
    std::vector<CallRequest> calls;
    std::vector<News> news;
    std::vector<std::pair<AlertNotice, AlertChange>> accepted;
    std::vector<std::pair<Order, OrderReport>> carried_out;
    std::vector<std::shared_ptr<const Incident>> false_alarms;
    bool heard_watchdog = false;
  };

  // Incident key -> joining alerts. Collected first, so that each incident advances once.
  using Joining = std::map<std::string, std::vector<std::string>>;

  void Reconfigure(ConfigSnapshot config);
  Status Load();
  void NoticeClock(bool fresh, Time now);
  void NoteStart(bool fresh, bool reloaded, Time now);
  void Ingest(const HealerInput& input, Time now);
  void IngestAnswer(const CallAnswer& answer, Time now);
  void IngestReading(const AlertmanagerReading& reading, Joining& joining, Time now);
  void IngestNotice(const AlertNotice& notice, const std::string& sender, Joining& joining,
                    Time now);
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
  std::optional<LedgerImage> image_;  // nullopt: must be loaded.
  bool has_started_ = false;          // The audit trail has a row about the start.
  bool has_failed_ = false;  // The last commit failed, and the audit trail has no row about it yet.
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
  // Actions with a pending ReadOverrides call. If a keeper hangs, no second call is started, so
  // that hanging calls do not fill the pool.
  std::set<std::string> looking_;
  Time next_wake_;
  Consequences consequences_;
  std::vector<Result<OrderReport>> reports_;
  SnapshotNews shown_news_;  // Changes that image_'s tables do not track.
};

}  // namespace promheal::healing
