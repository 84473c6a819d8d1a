#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tests/webhook/core/samples.h"
#include "tests/webhook/healer/fake_gateway.h"
#include "webhook/healer/healer.h"
#include "webhook/ledger/memory/memory_ledger.h"

namespace promheal::healing::samples {

// What a crash of the healer looks like to the test.
struct Died {};

// A config with executors that are never called: in the world, calls are answered by the world.
std::shared_ptr<HealingConfig> Config(PolicySet policies = Policies());

// The same with overrides on a gateway: "throttle", "breaker" and "drain" are held.
std::shared_ptr<HealingConfig> HoldingConfig(const std::shared_ptr<FakeGateway>& gateway,
                                             PolicySet policies);

// Services, Prometheus, executors and time, as far as a healer sees them. Time moves only in Run.
// It may die at any of its I/O calls and is then started again over the same ledger file.
class World final : public Calls, public HealerListener {
 public:
  explicit World(std::shared_ptr<HealingConfig> config = Config(),
                 std::shared_ptr<FakeGateway> gateway = nullptr);

  struct Service {
    bool healthy = true;
    bool has_data = true;
    std::vector<std::string> healed_by = {"restart"};  // Actions that help.
    std::string up_is_asked_by;  // A verification that needs no requests to see that it is good.
    int eased_by = 0;            // While it is broken, a throttle of so many percent makes it good.
    std::string broken_slot;     // While this instance is not drained, it is bad.
  };
  struct Performed {
    Time time;
    std::string service;
    std::string action;
    auto operator<=>(const Performed&) const = default;
  };

  Service& service(const std::string& name) { return services_[name]; }
  void Break(const std::string& name) { services_[name].healthy = false; }

  // Alertmanager: tries again until it is accepted.
  void Deliver(const std::vector<AlertNotice>& notices, Duration at = Duration(0));
  // A person: waits until it is carried out, however often the healer dies. What came of it.
  Result<OrderReport> Tell(Order order);
  // What Alertmanager says it has, when it is asked now.
  void Show(const std::vector<KnownAlert>& alerts) {
    reading_ = AlertmanagerReading{now_, std::chrono::seconds(30), alerts};
  }
  // Steps the healer whenever something is due, for so long.
  void Run(Duration duration);
  // Somebody sets the wall clock back or forward; nothing happens sooner or later for it.
  void SetClockBack(Duration by);
  void SetClockForward(Duration by) { SetClockBack(-by); }
  void Kill() { healer_.reset(); }  // kill -9: started again at its next step.
  void Reconfigure(std::shared_ptr<HealingConfig> config) { config_ = new_config_ = config; }

  // Dies at the I/O call with this number from now; never for -1.
  void DieAt(int io_call) { die_at_ = io_call; }
  int io_calls() const { return io_calls_; }
  int deaths() const { return deaths_; }

  Time now() const { return now_; }
  std::shared_ptr<const HealingSnapshot> Shown() const { return published_.Get(); }
  Duration set_back() const { return set_back_; }  // Altogether, where it was set back.
  const std::vector<Performed>& performed() const { return performed_; }
  const Incident* Open(const std::string& service) const;
  std::vector<Incident> Closed() const;  // Newest first, as the ledger has them.
  MemoryLedger& ledger() { return ledger_; }
  LedgerFile& file() { return file_; }
  const LedgerFile& ledger_file() const { return file_; }
  std::optional<ActionResult> next_result;  // Instead of done.
  bool executor_answers = true;
  // What data say to questions of rungs (see RungQuestions); to all others that it is so.
  std::map<std::string, DataVerdict> answers;
  FakeGateway& gateway() { return *gateway_; }
  Duration execution_time{500};
  std::vector<std::string> log;              // "service kind: text"
  bool Told(const std::string& text) const;  // Whether a line of it holds the text.
  std::string Story() const;                 // All of it.
  std::vector<Orphan> orphans;               // As they were found.
  bool readings_hang = false;                // Looking for orphans never ends.
  int readings = 0;                          // How often it was asked for.
  std::vector<bool> storms;                  // Whether one began, as it was told.
  int records_told = 0;  // How many versions of incidents Happened was told about.
  // Told as the healer's listener is.
  std::function<void(const Incident&, const TimelineEvent&)> on_event;
  std::function<void(const AlertNotice&, AlertChange)> on_alert;
  int false_alarms = 0;
  std::optional<Time> watchdog_heard_at;

  // Calls and HealerListener.
  void Start(CallRequest request) override;
  void AlertAccepted(const AlertNotice& notice, AlertChange change) override;
  void Happened(const Incident& incident, const TimelineEvent& event) override;
  void FoundOrphan(const Orphan& orphan) override { orphans.push_back(orphan); }
  void StormChanged(bool begins, const StormLimit&) override { storms.push_back(begins); }
  void CarriedOut(const Order& order, const OrderReport& report) override;
  void WasFalseAlarm(const Incident&) override { ++false_alarms; }
  void HeardWatchdog(Time now) override { watchdog_heard_at = now; }

 private:
  struct Pending {
    Time due;
    std::vector<AlertNotice> notices;
  };
  struct Answering {
    Time due;
    std::function<CallAnswer()> answer;
  };
  void MaybeDie();
  void StepHealer();
  Time NextTime(Time end) const;
  Stimulus Answer(const ExecuteAction& execute);
  Stimulus Answer(const ObserveAction& observe);
  Stimulus Answer(const GatherEvidence& gather);
  Stimulus Answer(const HealingConfig& config, const Call& call);
  DataVerdict Judge(const std::string& name, const std::string& verification = "") const;

  PublishedSnapshot published_;
  Time now_ = Start_();
  static Time Start_() { return samples::Start(); }
  std::shared_ptr<HealingConfig> config_;
  std::shared_ptr<HealingConfig> new_config_;
  std::shared_ptr<FakeGateway> gateway_;
  LedgerFile file_;
  MemoryLedger ledger_{file_};
  std::unique_ptr<Healer> healer_;
  std::map<std::string, Service> services_;
  std::vector<Performed> performed_;
  std::vector<Pending> deliveries_;
  std::vector<Answering> answers_;
  Duration set_back_{0};
  std::optional<AlertmanagerReading> reading_;
  std::vector<Order> orders_;
  std::vector<Result<OrderReport>> reports_;  // The last step's.
  int io_calls_ = 0;
  int die_at_ = -1;
  int deaths_ = 0;
  const Incident* last_told_ = nullptr;
};

}  // namespace promheal::healing::samples
