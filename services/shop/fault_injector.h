#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

#include "common/io/clock.h"
#include "common/io/log.h"
#include "services/shop/fault.h"
#include "services/shop/worker_pool.h"

namespace promheal::shop {

// Breaks this process on request, one fault at a time, each for at most its duration.
// Thread safety: any thread.
class FaultInjector {
 public:
  // All must outlive it. Ends the process if it leaks beyond `memory_limit_bytes` in total, as the
  // kernel does in a container; 0: no limit.
  FaultInjector(WorkerPool& workers, const Clock& clock, Logger& logger,
                uint64_t memory_limit_bytes = 0);
  ~FaultInjector();  // Ends the fault.
  FaultInjector(const FaultInjector&) = delete;
  FaultInjector& operator=(const FaultInjector&) = delete;

  // Replaces the current fault. A crash does not return.
  void Start(const Fault& fault);

  // Each request calls this first: blocks during a hang, until its end or Release.
  void WaitWhileHung();
  // Ends the fault and lets no later hang block: for the end of the process.
  void Release();

  // Whether a fault of `mode` hits this request. Deterministic: a rate of 0.5 hits every second
  // request.
  bool Hits(FaultMode mode);

  // The service time of a request: that of a latency fault, or `usual` without one.
  Duration ServiceTime(Duration usual) const;

 private:
  void Run(const std::stop_token& stop, const Fault& fault);
  void BurnCpu(const std::stop_token& stop, const Fault& fault);
  void GrowMemory(const std::stop_token& stop, const Fault& fault);
  // Returns false if it was stopped meanwhile.
  bool Wait(const std::stop_token& stop, std::chrono::nanoseconds time);
  void SetCurrent(std::optional<Fault> fault);

  WorkerPool& workers_;
  const Clock& clock_;
  Logger& logger_;
  const uint64_t memory_limit_bytes_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::optional<Fault> current_;
  double share_ = 0.0;  // Sum of the rates minus the hits.
  bool released_ = false;
  std::mutex runner_mutex_;
  std::jthread runner_;
};

}  // namespace promheal::shop
