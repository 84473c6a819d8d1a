#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "common/io/clock.h"
#include "common/io/prometheus/prometheus_api.h"
#include "webhook/healer/inbox.h"
#include "webhook/state/calls.h"

namespace promheal::healing {

// A few threads and a queue; urgent tasks go first. The destructor finishes running tasks and drops
// waiting ones.
class ThreadPool {
 public:
  explicit ThreadPool(size_t threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  void Run(std::function<void()> task, bool urgent = false);

 private:
  void Work();

  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<std::function<void()>> urgent_;
  std::deque<std::function<void()>> tasks_;
  bool stopped_ = false;
  std::vector<std::thread> threads_;
};

// Makes the Prometheus client for a configuration.
using PrometheusFactory = std::function<std::unique_ptr<PrometheusApi>(const HealingConfig&)>;

// Runs calls on three pools of threads: actions, overrides, and questions to Prometheus, so that
// none waits for another kind. Questions that verify an action go first, since an action in flight
// must not run out of time while many incidents wait. Answers go to the inbox. Thread safety: any
// thread may call Start. The destructor waits for running calls.
class CallPool final : public Calls {
 public:
  CallPool(Inbox& inbox, const Clock& clock, PrometheusFactory make_prometheus);

  void Start(CallRequest request) override;

 private:
  ThreadPool& PoolFor(const Call& call);
  Stimulus Answer(const ConfigSnapshot& config, const ExecuteAction& execute) const;
  Stimulus Answer(const ConfigSnapshot& config, const ObserveAction& observe) const;
  Stimulus Answer(const ConfigSnapshot& config, const GatherEvidence& gather);
  Stimulus Answer(const ConfigSnapshot& config, const PrepareOverride& prepare) const;
  Stimulus Answer(const ConfigSnapshot& config, const OperateOverride& operate) const;
  Stimulus Answer(const ConfigSnapshot& config, const ReadOverrides& read) const;
  std::shared_ptr<PrometheusApi> PrometheusOf(const ConfigSnapshot& config);

  Inbox& inbox_;
  const Clock& clock_;
  const PrometheusFactory make_prometheus_;
  std::mutex mutex_;
  ConfigSnapshot prometheus_config_;  // The configuration that prometheus_ was made for.
  std::shared_ptr<PrometheusApi> prometheus_;
  ThreadPool questions_;
  ThreadPool actions_;
  ThreadPool overrides_;
};

}  // namespace promheal::healing
