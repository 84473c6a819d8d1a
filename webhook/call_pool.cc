#include "webhook/call_pool.h"

#include <utility>

#include "webhook/healer/override_calls.h"
#include "webhook/healer/verifier.h"

namespace promheal::healing {
namespace {

constexpr size_t kQuestionThreads = 4;
// The maximum of budgets.actions_in_flight, so that no action waits for a thread.
constexpr size_t kActionThreads = 16;
// Calls about overrides take milliseconds, unless a keeper hangs.
constexpr size_t kOverrideThreads = 8;

// After a reload the configuration may lack the action of an old intent.
ObservationReport ObserveWith(const ConfigSnapshot& config, const ObserveAction& observe) {
  const auto executor = config->executors.find(observe.action.name);
  if (executor == config->executors.end()) {
    return {Observation::kUnknown, "the action is no longer configured"};
  }
  return executor->second->Observe(observe.action);
}

}  // namespace

ThreadPool::ThreadPool(size_t threads) {
  for (size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { Work(); });
}

ThreadPool::~ThreadPool() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  arrived_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void ThreadPool::Run(std::function<void()> task, bool urgent) {
  {
    const std::lock_guard lock(mutex_);
    (urgent ? urgent_ : tasks_).push_back(std::move(task));
  }
  arrived_.notify_one();
}

void ThreadPool::Work() {
  while (true) {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [this] { return stopped_ || !urgent_.empty() || !tasks_.empty(); });
    if (stopped_) return;
    auto& queue = urgent_.empty() ? tasks_ : urgent_;
    const std::function<void()> task = std::move(queue.front());
    queue.pop_front();
    lock.unlock();
    task();
  }
}

CallPool::CallPool(Inbox& inbox, const Clock& clock, PrometheusFactory make_prometheus)
    : inbox_(inbox),
      clock_(clock),
      make_prometheus_(std::move(make_prometheus)),
      questions_(kQuestionThreads),
      actions_(kActionThreads),
      overrides_(kOverrideThreads) {}

void CallPool::Start(CallRequest request) {
  const auto* question = std::get_if<GatherEvidence>(&request.call);
  const bool urgent = question != nullptr && question->urgent;
  ThreadPool& pool = PoolFor(request.call);
  auto task = [this, shared = std::make_shared<CallRequest>(std::move(request))] {
    const CallRequest& call = *shared;
    CallAnswer answer{call.incident_key, call.incident_id, TimePassed{}, std::nullopt};
    if (const auto* read = std::get_if<ReadOverrides>(&call.call)) {
      answer.read = Read(*call.config, *read);
    } else {
      answer.stimulus =
          std::visit([&](const auto& kind) { return Answer(call.config, kind); }, call.call);
    }
    inbox_.Answer(std::move(answer));
  };
  pool.Run(std::move(task), urgent);
}

ThreadPool& CallPool::PoolFor(const Call& call) {
  if (std::holds_alternative<GatherEvidence>(call)) return questions_;
  const bool acts =
      std::holds_alternative<ExecuteAction>(call) || std::holds_alternative<ObserveAction>(call);
  return acts ? actions_ : overrides_;
}

Stimulus CallPool::Answer(const ConfigSnapshot& config, const ExecuteAction& execute) const {
  Executor& executor = *config->executors.at(execute.action.name);
  return ExecutionFinished{execute.action.id, executor.Execute(execute.action, execute.deadline)};
}

Stimulus CallPool::Answer(const ConfigSnapshot& config, const ObserveAction& observe) const {
  return ObservationFinished{observe.action.id, ObserveWith(config, observe)};
}

Stimulus CallPool::Answer(const ConfigSnapshot& config, const GatherEvidence& gather) {
  return EvidenceGathered{Gather(gather, *PrometheusOf(config), clock_.Now())};
}

Stimulus CallPool::Answer(const ConfigSnapshot& config, const PrepareOverride& prepare) const {
  return Prepare(*config, prepare);
}

Stimulus CallPool::Answer(const ConfigSnapshot& config, const OperateOverride& operate) const {
  return Operate(*config, operate);
}

Stimulus CallPool::Answer(const ConfigSnapshot&, const ReadOverrides&) const {
  return TimePassed{};  // The answer is no stimulus; see Start.
}

std::shared_ptr<PrometheusApi> CallPool::PrometheusOf(const ConfigSnapshot& config) {
  const std::lock_guard lock(mutex_);
  if (prometheus_config_ != config) {
    prometheus_ = make_prometheus_(*config);
    prometheus_config_ = config;
  }
  return prometheus_;
}

}  // namespace promheal::healing
