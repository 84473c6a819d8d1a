#include "tests/webhook/healer/world.h"

#include <algorithm>

#include "webhook/healer/override_calls.h"

namespace promheal::healing::samples {
namespace {

class UncalledExecutor final : public Executor {
 public:
  std::string description() const override { return "the world"; }
  Status Check(const Action& action) const override { return RefuseHostile(action); }
  Receipt Execute(const Action&, Duration) override { std::abort(); }
  ObservationReport Observe(const Action&) override { std::abort(); }
};

// Everything of `items` that is due by `now`, in order of time, removed from them.
template <typename T>
std::vector<T> PopDue(std::vector<T>& items, Time now) {
  std::stable_sort(items.begin(), items.end(),
                   [](const T& a, const T& b) { return a.due < b.due; });
  const auto end =
      std::find_if(items.begin(), items.end(), [&](const T& item) { return item.due > now; });
  std::vector<T> due(std::make_move_iterator(items.begin()), std::make_move_iterator(end));
  items.erase(items.begin(), end);
  return due;
}

}  // namespace

std::shared_ptr<HealingConfig> Config(PolicySet policies) {
  auto config = std::make_shared<HealingConfig>();
  config->policies = std::move(policies);
  for (const char* name : {"restart", "throttle", "scale_out", "replace"}) {
    config->executors[name] = std::make_unique<UncalledExecutor>();
    config->policies.action_timeouts[name] = std::chrono::seconds(10);
  }
  return config;
}

std::shared_ptr<HealingConfig> HoldingConfig(const std::shared_ptr<FakeGateway>& gateway,
                                             PolicySet policies) {
  auto config = Config(std::move(policies));
  for (const char* name : {"throttle", "breaker", "drain"}) {
    config->executors[name] = MakeFakeOverride(name, gateway);
    config->policies.action_timeouts[name] = std::chrono::seconds(5);
  }
  return config;
}

World::World(std::shared_ptr<HealingConfig> config, std::shared_ptr<FakeGateway> gateway)
    : config_(std::move(config)), gateway_(std::move(gateway)) {
  if (gateway_) gateway_->clock = &now_;
  ledger_.before_commit = [this]() -> Status {
    MaybeDie();
    return {};
  };
  ledger_.after_commit = [this] { MaybeDie(); };
}

void World::MaybeDie() {
  if (io_calls_++ != die_at_) return;
  ++deaths_;
  throw Died{};
}

void World::Deliver(const std::vector<AlertNotice>& notices, Duration at) {
  deliveries_.push_back({now_ + at, notices});
}

void World::SetClockBack(Duration by) {
  now_ -= by;
  set_back_ += std::max(by, Duration(0));
  for (Pending& delivery : deliveries_) delivery.due -= by;
  for (Answering& answer : answers_) answer.due -= by;
  if (gateway_) gateway_->KeepLives(by);
}

void World::Run(Duration duration) {
  const Time end = now_ + duration;
  while (true) {
    try {
      StepHealer();
    } catch (const Died&) {
      // Answers for the dead healer are dropped.
      healer_.reset();
      answers_.clear();
      continue;
    }
    const Time next = NextTime(end);
    if (next >= end) break;
    now_ = std::max(next, now_ + Duration(1));
  }
  now_ = end;
}

void World::StepHealer() {
  if (healer_ == nullptr) healer_ = std::make_unique<Healer>(ledger_, *this, *this, config_);
  HealerInput input;
  const std::vector<Pending> due = PopDue(deliveries_, now_);
  for (const Pending& delivery : due) input.deliveries.push_back({.alerts = delivery.notices});
  // Until it is acknowledged, the sender keeps it.
  for (const Pending& delivery : due)
    deliveries_.push_back({now_ + Duration(600), delivery.notices});
  for (Answering& pending : PopDue(answers_, now_)) input.answers.push_back(pending.answer());
  input.new_config = std::exchange(new_config_, nullptr);
  input.orders = orders_;
  input.reading = std::exchange(reading_, std::nullopt);
  if (!healer_->Step(input, now_)) return;
  published_.Publish(healer_->PopNews());
  deliveries_.resize(deliveries_.size() - due.size());
  if (!orders_.empty()) reports_ = healer_->PopReports();
  orders_.clear();
}

Time World::NextTime(Time end) const {
  Time next = std::min(end, healer_->next_wake());
  for (const Pending& delivery : deliveries_) next = std::min(next, delivery.due);
  for (const Answering& answer : answers_) next = std::min(next, answer.due);
  return next;
}

void World::Start(CallRequest request) {
  MaybeDie();
  const auto wrap = [request](Stimulus stimulus) {
    return CallAnswer{request.incident_key, request.incident_id, std::move(stimulus), {}};
  };
  if (const auto* read = std::get_if<ReadOverrides>(&request.call)) {
    ++readings;
    if (readings_hang) return;
    const CallAnswer answer{"", "", TimePassed{}, Read(*request.config, *read)};
    answers_.push_back({now_ + Duration(20), [answer] { return answer; }});
    return;
  }
  if (const auto* execute = std::get_if<ExecuteAction>(&request.call)) {
    // The effect is there at once, the answer comes later, if we live to see it.
    const Stimulus stimulus = Answer(*execute);
    MaybeDie();
    if (!executor_answers) return;
    answers_.push_back({now_ + execution_time, [wrap, stimulus] { return wrap(stimulus); }});
  } else if (!std::holds_alternative<ObserveAction>(request.call) &&
             !std::holds_alternative<GatherEvidence>(request.call)) {
    const Stimulus stimulus = Answer(*request.config, request.call);
    MaybeDie();
    answers_.push_back({now_ + Duration(20), [wrap, stimulus] { return wrap(stimulus); }});
  } else {
    answers_.push_back({now_ + Duration(20), [this, wrap, request] {
                          const auto* observe = std::get_if<ObserveAction>(&request.call);
                          return wrap(observe != nullptr
                                          ? Answer(*observe)
                                          : Answer(std::get<GatherEvidence>(request.call)));
                        }});
  }
}

// The gateway has it at once.
Stimulus World::Answer(const HealingConfig& config, const Call& call) {
  if (const auto* prepare = std::get_if<PrepareOverride>(&call)) return Prepare(config, *prepare);
  return Operate(config, std::get<OperateOverride>(call));
}

Stimulus World::Answer(const ExecuteAction& execute) {
  const std::string name(execute.action.target.Get("service"));
  const ActionResult result = next_result.value_or(ActionResult::kDone);
  if (result != ActionResult::kFailed) {
    performed_.push_back({now_, name, execute.action.name});
    const auto& helps = services_[name].healed_by;
    if (std::find(helps.begin(), helps.end(), execute.action.name) != helps.end()) {
      services_[name].healthy = true;
    }
  }
  return ExecutionFinished{execute.action.id, {result, "the world did it"}};
}

Stimulus World::Answer(const ObserveAction& observe) {
  const bool happened =
      std::any_of(performed_.begin(), performed_.end(), [&](const Performed& performed) {
        return performed.service == observe.action.target.Get("service") &&
               performed.action == observe.action.name &&
               performed.time >= observe.action.intended_at;
      });
  return ObservationFinished{observe.action.id,
                             {happened ? Observation::kHappened : Observation::kNotHappened, ""}};
}

Stimulus World::Answer(const GatherEvidence& gather) {
  const DataVerdict verdict = Judge(std::string(gather.labels.Get("service")), gather.verification);
  Evidence evidence{verdict, now_, std::string(ToString(verdict)), gather.verification};
  for (const RungQuestion& question : gather.questions) {
    const auto found = answers.find(question.name);
    evidence.answers[question.name] = {
        found == answers.end() ? DataVerdict::kRecovered : found->second, question.name};
  }
  return EvidenceGathered{evidence};
}

DataVerdict World::Judge(const std::string& name, const std::string& verification) const {
  const auto found = services_.find(name);
  const Service service = found == services_.end() ? Service{} : found->second;
  if (!service.has_data) return DataVerdict::kUnknown;
  // Behind an open breaker nothing is seen of its requests.
  const bool asks_if_up = !verification.empty() && verification == service.up_is_asked_by;
  if (!asks_if_up && gateway_ && gateway_->PercentAt({"breaker", name}) == 100) {
    return DataVerdict::kUnknown;
  }
  const bool eased = gateway_ && service.eased_by > 0 &&
                     gateway_->PercentAt({"throttle", name}) >= service.eased_by;
  const bool drained = gateway_ && !service.broken_slot.empty() &&
                       gateway_->PercentAt({"state", service.broken_slot}) > 0;
  const bool good = service.healthy || eased || drained;
  return good ? DataVerdict::kRecovered : DataVerdict::kNotRecovered;
}

Result<OrderReport> World::Tell(Order order) {
  orders_.push_back(std::move(order));
  while (!orders_.empty()) Run(Duration(1));
  return reports_.front();
}

void World::CarriedOut(const Order& order, const OrderReport& report) {
  log.push_back(std::string(ToString(order.kind)) + " by " + order.by + ": " + report.text);
}

void World::AlertAccepted(const AlertNotice& notice, AlertChange change) {
  if (on_alert) on_alert(notice, change);
  log.push_back(notice.fingerprint + " alert taken: " + std::string(ToString(change)));
}

void World::Happened(const Incident& incident, const TimelineEvent& event) {
  if (&incident != last_told_) ++records_told;
  last_told_ = &incident;
  if (on_event) on_event(incident, event);
  log.push_back(incident.target.ToDisplayName() + " " + std::string(ToString(event.kind)) + ": " +
                event.text);
}

bool World::Told(const std::string& text) const {
  return std::any_of(log.begin(), log.end(),
                     [&](const std::string& line) { return line.find(text) != std::string::npos; });
}

std::string World::Story() const {
  std::string story;
  for (const std::string& line : log) story += line + "\n";
  return story;
}

const Incident* World::Open(const std::string& service) const {
  static Incident found;
  const Incident wanted{.target = Labels{{"service", service}}};
  const auto it = file_.entries.find(KeyOf(wanted));
  if (it == file_.entries.end()) return nullptr;
  found = *DecodeIncident(it->second.value);
  return &found;
}

std::vector<Incident> World::Closed() const {
  std::vector<Incident> closed;
  for (const auto& [key, entry] : file_.entries) {
    if (key.starts_with(kClosedIncidentPrefix)) closed.push_back(*DecodeIncident(entry.value));
  }
  std::reverse(closed.begin(), closed.end());
  return closed;
}

}  // namespace promheal::healing::samples
