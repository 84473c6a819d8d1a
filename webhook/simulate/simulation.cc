#include "webhook/simulate/simulation.h"

#include <algorithm>
#include <set>
#include <utility>
#include <variant>

#include "webhook/core/advance/timeline.h"
#include "webhook/healer/healer.h"
#include "webhook/healer/override_calls.h"
#include "webhook/healer/verifier.h"
#include "webhook/ledger/memory/memory_ledger.h"
#include "webhook/simulate/simulated_executor.h"

namespace promheal::healing {
namespace {

constexpr Duration kAnswerDelay = std::chrono::milliseconds(200);
// The clock moves at least this far in each step, also if the healer is due at once.
constexpr Duration kTick = std::chrono::milliseconds(1);

// The healer's surroundings: clock, calls, ledger and answers.
class SimulatedWorld final : public Calls, public HealerListener {
 public:
  SimulatedWorld(ConfigSnapshot config, PrometheusApi& prometheus)
      : prometheus_(prometheus), healer_(ledger_, *this, *this, std::move(config)) {}

  SimulationResult Run(const std::vector<RecordedDelivery>& deliveries, Duration after);

  void Start(CallRequest request) override;
  void AlertAccepted(const AlertNotice&, AlertChange) override {}
  void Happened(const Incident& incident, const TimelineEvent& event) override;
  void FoundOrphan(const Orphan&) override {}

 private:
  struct Answering {
    Time due;
    CallAnswer answer;
  };

  Stimulus Answer(const HealingConfig& config, const Call& call);
  std::vector<CallAnswer> PopAnswers();
  void NoteWithheld(const Incident& incident, const TimelineEvent& event);

  PrometheusApi& prometheus_;
  LedgerFile file_;
  MemoryLedger ledger_{file_};
  Healer healer_;
  Time now_;
  std::vector<Answering> answers_;                          // Pending answers, in order of time.
  std::set<std::pair<std::string, std::string>> withheld_;  // Pairs of incident and action.
  SimulationResult result_;
};

SimulationResult SimulatedWorld::Run(const std::vector<RecordedDelivery>& deliveries,
                                     Duration after) {
  if (deliveries.empty()) return {};
  now_ = deliveries.front().at;
  const Time end = deliveries.back().at + after;
  auto next = deliveries.begin();
  while (now_ <= end) {
    HealerInput input;
    for (; next != deliveries.end() && next->at <= now_; ++next) {
      input.deliveries.push_back(next->delivery);
    }
    input.answers = PopAnswers();
    [[maybe_unused]] const Status stepped =
        healer_.Step(input, now_);  // A ledger in memory never fails.
    Time wake = healer_.next_wake();
    if (next != deliveries.end()) wake = std::min(wake, next->at);
    if (!answers_.empty()) wake = std::min(wake, answers_.front().due);
    now_ = std::max(wake, now_ + kTick);
  }
  const auto open = ledger_.List(kOpenIncidentPrefix, 0, false);
  if (open && !open->empty()) result_.outcomes["open"] = open->size();
  return std::move(result_);
}

std::vector<CallAnswer> SimulatedWorld::PopAnswers() {
  std::vector<CallAnswer> due;
  auto it = answers_.begin();
  for (; it != answers_.end() && it->due <= now_; ++it) due.push_back(std::move(it->answer));
  answers_.erase(answers_.begin(), it);
  return due;
}

void SimulatedWorld::Start(CallRequest request) {
  CallAnswer answer{request.incident_key, request.incident_id, TimePassed{}, std::nullopt};
  if (const auto* read = std::get_if<ReadOverrides>(&request.call)) {
    answer.read = Read(*request.config, *read);
  } else {
    answer.stimulus = Answer(*request.config, request.call);
  }
  answers_.push_back({now_ + kAnswerDelay, std::move(answer)});
}

Stimulus SimulatedWorld::Answer(const HealingConfig& config, const Call& call) {
  if (const auto* execute = std::get_if<ExecuteAction>(&call)) {
    Executor& executor = *config.executors.at(execute->action.name);
    return ExecutionFinished{execute->action.id,
                             executor.Execute(execute->action, execute->deadline)};
  }
  if (const auto* observe = std::get_if<ObserveAction>(&call)) {
    Executor& executor = *config.executors.at(observe->action.name);
    return ObservationFinished{observe->action.id, executor.Observe(observe->action)};
  }
  if (const auto* gather = std::get_if<GatherEvidence>(&call)) {
    return EvidenceGathered{Gather(*gather, prometheus_, now_)};
  }
  if (const auto* prepare = std::get_if<PrepareOverride>(&call)) return Prepare(config, *prepare);
  return Operate(config, std::get<OperateOverride>(call));
}

void SimulatedWorld::Happened(const Incident& incident, const TimelineEvent& event) {
  SimulatedEvent simulated{.time = event.time,
                           .target = incident.target.ToDisplayName(),
                           .scenario = incident.scenario,
                           .action = std::string(FieldOf(event, "action")),
                           .text = event.text};
  if (event.kind == TimelineKind::kIntent) ++result_.actions[simulated.action];
  if (event.kind == TimelineKind::kDecision) {
    simulated.what = FieldOf(event, "decision");
    simulated.reason = FieldOf(event, "reason");
    NoteWithheld(incident, event);
    result_.events.push_back(std::move(simulated));
  } else if (event.kind == TimelineKind::kClosed) {
    simulated.what = "closed";
    simulated.reason = FieldOf(event, "outcome");
    ++result_.outcomes[simulated.reason];
    result_.events.push_back(std::move(simulated));
  }
}

void SimulatedWorld::NoteWithheld(const Incident& incident, const TimelineEvent& event) {
  const std::string_view reason = FieldOf(event, "reason");
  if (reason != ToString(DecisionReason::kShadowMode) &&
      reason != ToString(DecisionReason::kRecommendMode)) {
    return;
  }
  const std::string action(FieldOf(event, "action"));
  if (withheld_.emplace(incident.id, action).second) ++result_.withheld[action];
}

}  // namespace

void PrepareForSimulation(HealingConfig& config, bool as_auto) {
  for (auto& [name, executor] : config.executors) executor = Simulated(std::move(executor));
  if (!as_auto) return;
  for (Policy& policy : config.policies.policies) policy.mode = Mode::kAuto;
}

SimulationResult Simulate(ConfigSnapshot config, const std::vector<RecordedDelivery>& deliveries,
                          PrometheusApi& prometheus, Duration after) {
  return SimulatedWorld(std::move(config), prometheus).Run(deliveries, after);
}

}  // namespace promheal::healing
