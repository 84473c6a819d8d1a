#include "webhook/call_pool.h"

#include <utility>

#include "webhook/verifier.h"

namespace promheal::healing {
namespace {

constexpr size_t kQuestionThreads = 4;
// As many as budgets.actions_in_flight may allow: an action never waits for another one here.
constexpr size_t kActionThreads = 16;

// After a reload the action may be gone that an old intent was about.
ObservationReport ObserveWith(const CallRequest& call, const ObserveAction& observe) {
  const auto executor = call.config->executors.find(observe.action.name);
  if (executor == call.config->executors.end()) {
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

void ThreadPool::Run(std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  arrived_.notify_one();
}

void ThreadPool::Work() {
  while (true) {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [this] { return stopped_ || !tasks_.empty(); });
    if (stopped_) return;
    const std::function<void()> task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task();
  }
}

CallPool::CallPool(Inbox& inbox, const Clock& clock, PrometheusFactory make_prometheus)
    : inbox_(inbox),
      clock_(clock),
      make_prometheus_(std::move(make_prometheus)),
      questions_(kQuestionThreads),
      actions_(kActionThreads) {}

void CallPool::Start(CallRequest request) {
  const bool question = std::holds_alternative<GatherEvidence>(request.call);
  auto task = [this, shared = std::make_shared<CallRequest>(std::move(request))] {
    const CallRequest& call = *shared;
    Stimulus answer;
    if (const auto* execute = std::get_if<ExecuteAction>(&call.call)) {
      Executor& executor = *call.config->executors.at(execute->action.name);
      answer = ExecutionFinished{execute->action.id,
                                 executor.Execute(execute->action, execute->deadline)};
    } else if (const auto* observe = std::get_if<ObserveAction>(&call.call)) {
      answer = ObservationFinished{observe->action.id, ObserveWith(call, *observe)};
    } else if (const auto* gather = std::get_if<GatherEvidence>(&call.call)) {
      answer = EvidenceGathered{Gather(*gather, *PrometheusOf(call.config), clock_.Now())};
    }
    inbox_.Answer({call.incident_key, call.incident_id, std::move(answer)});
  };
  (question ? questions_ : actions_).Run(std::move(task));
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
