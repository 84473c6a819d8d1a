#include "services/shop/fault_injector.h"

#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

namespace promheal::shop {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr int kCrashStatus = 70;  // EX_SOFTWARE

}  // namespace

FaultInjector::FaultInjector(WorkerPool& workers, const Clock& clock, Logger& logger)
    : workers_(workers), clock_(clock), logger_(logger) {}

FaultInjector::~FaultInjector() { Release(); }

void FaultInjector::Start(const Fault& fault) {
  const std::lock_guard lock(runner_mutex_);
  logger_.Warn("fault injected", {{"fault", Describe(fault)}});
  if (fault.mode == FaultMode::kCrash) _exit(kCrashStatus);
  runner_ = {};  // Stops and joins the last one.
  if (fault.mode == FaultMode::kNone) return;
  SetCurrent(fault);
  runner_ = std::jthread([this, fault](const std::stop_token& stop) { Run(stop, fault); });
}

void FaultInjector::WaitWhileHung() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return released_ || !current_ || current_->mode != FaultMode::kHang; });
}

void FaultInjector::Release() {
  {
    const std::lock_guard lock(mutex_);
    released_ = true;
  }
  changed_.notify_all();
  const std::lock_guard lock(runner_mutex_);
  runner_ = {};
}

bool FaultInjector::Hits(FaultMode mode) {
  const std::lock_guard lock(mutex_);
  if (!current_ || current_->mode != mode) return false;
  constexpr double kRounding = 1e-9;
  share_ += current_->rate;
  if (share_ < 1 - kRounding) return false;
  share_ -= 1;
  return true;
}

Duration FaultInjector::ServiceTime(Duration usual) const {
  const std::lock_guard lock(mutex_);
  return current_ && current_->mode == FaultMode::kLatency ? current_->service_time : usual;
}

void FaultInjector::Run(const std::stop_token& stop, const Fault& fault) {
  switch (fault.mode) {
    case FaultMode::kLatency:
      workers_.LoseWorkers(static_cast<size_t>(
          std::lround(fault.rate * static_cast<double>(workers_.usage().limit))));
      Wait(stop, fault.duration);
      workers_.LoseWorkers(0);
      break;
    case FaultMode::kCpu:
      BurnCpu(stop, fault);
      break;
    case FaultMode::kMemory:
      GrowMemory(stop, fault);
      break;
    default:
      Wait(stop, fault.duration);
  }
  SetCurrent(std::nullopt);
  logger_.Info("fault is over", {{"mode", ToString(fault.mode)}});
}

void FaultInjector::BurnCpu(const std::stop_token& stop, const Fault& fault) {
  constexpr nanoseconds kSlice = milliseconds(20);
  const auto busy = std::chrono::duration_cast<nanoseconds>(kSlice * fault.rate);
  const Duration end = clock_.Monotonic() + fault.duration;
  do {
    const nanoseconds rest_from = clock_.MonotonicNanoseconds() + busy;
    while (clock_.MonotonicNanoseconds() < rest_from) {
    }
  } while (Wait(stop, kSlice - busy) && clock_.Monotonic() < end);
}

void FaultInjector::GrowMemory(const std::stop_token& stop, const Fault& fault) {
  constexpr uint64_t kBlockBytes = uint64_t{4} << 20;
  constexpr Duration kBetweenBlocks = milliseconds(250);
  const Duration end = clock_.Monotonic() + fault.duration;
  std::vector<std::unique_ptr<char[]>> blocks;
  for (uint64_t held = 0; held < fault.bytes && clock_.Monotonic() < end;) {
    const uint64_t bytes = std::min(kBlockBytes, fault.bytes - held);
    blocks.push_back(std::make_unique_for_overwrite<char[]>(bytes));
    std::fill_n(blocks.back().get(), bytes, 'x');  // Only memory written to is resident.
    held += bytes;
    if (!Wait(stop, kBetweenBlocks)) break;
  }
  Wait(stop, std::max(end - clock_.Monotonic(), Duration(0)));
  blocks.clear();
  malloc_trim(0);
}

bool FaultInjector::Wait(const std::stop_token& stop, nanoseconds time) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, stop, time, [] { return false; });
  return !stop.stop_requested();
}

void FaultInjector::SetCurrent(std::optional<Fault> fault) {
  {
    const std::lock_guard lock(mutex_);
    current_ = fault;
    share_ = 0;
  }
  changed_.notify_all();
}

}  // namespace promheal::shop
