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

// Breaks this process as it is told to, one fault at a time, each for its duration at most.
// Thread safety: any thread.
class FaultInjector {
 public:
  // All must outlive it. A process that leaks more than `memory_limit_bytes` in all is ended, as
  // the kernel ends one in a container; 0: there is no limit.
  FaultInjector(WorkerPool& workers, const Clock& clock, Logger& logger,
                uint64_t memory_limit_bytes = 0);
  ~FaultInjector();  // Ends the fault.
  FaultInjector(const FaultInjector&) = delete;
  FaultInjector& operator=(const FaultInjector&) = delete;

  // Replaces the fault there is. Does not return from a crash.
  void Start(const Fault& fault);

  // Every request passes here first: a hang holds it until it is over, or until Release.
  void WaitWhileHung();
  // Ends the fault, and lets no new one hold requests: for the end of the process.
  void Release();

  // Whether this request is among the share that a fault of `mode` hits. Exactly the share over
  // many requests: every second one at 0.5.
  bool Hits(FaultMode mode);

  // What a request takes now, in place of `usual`.
  Duration ServiceTime(Duration usual) const;

 private:
  void Run(const std::stop_token& stop, const Fault& fault);
  void BurnCpu(const std::stop_token& stop, const Fault& fault);
  void GrowMemory(const std::stop_token& stop, const Fault& fault);
  // Whether it was not stopped meanwhile.
  bool Wait(const std::stop_token& stop, std::chrono::nanoseconds time);
  void SetCurrent(std::optional<Fault> fault);

  WorkerPool& workers_;
  const Clock& clock_;
  Logger& logger_;
  const uint64_t memory_limit_bytes_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::optional<Fault> current_;
  double share_ = 0.0;  // Of a hit, saved up so far.
  bool released_ = false;
  std::mutex runner_mutex_;
  std::jthread runner_;
};

}  // namespace promheal::shop
