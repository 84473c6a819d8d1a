#include "services/shop/fault_injector.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <utility>
#include <vector>

namespace promheal::shop {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr int kCrashStatus = 70;  // EX_SOFTWARE
constexpr int kOutOfMemoryStatus =
    137;  // 128 + SIGKILL, as for a container that ran out of memory.

uint64_t ResidentBytes() {
  std::ifstream statm("/proc/self/statm");
  uint64_t all = 0;
  uint64_t resident = 0;
  statm >> all >> resident;
  return resident * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

// Memory that is resident at once and returned to the system with this object; an allocator
// promises neither.
class ResidentMemory {
 public:
  ResidentMemory() = default;
  ~ResidentMemory() {
    for (const auto& [address, bytes] : blocks_) munmap(address, bytes);
  }
  ResidentMemory(const ResidentMemory&) = delete;
  ResidentMemory& operator=(const ResidentMemory&) = delete;

  // Does nothing if the system has no more memory.
  void Grow(uint64_t bytes) {
    constexpr int kFlags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE;
    void* address = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, kFlags, -1, 0);
    if (address != MAP_FAILED) blocks_.emplace_back(address, bytes);
  }

 private:
  std::vector<std::pair<void*, uint64_t>> blocks_;
};

}  // namespace

FaultInjector::FaultInjector(WorkerPool& workers, const Clock& clock, Logger& logger,
                             uint64_t memory_limit_bytes)
    : workers_(workers), clock_(clock), logger_(logger), memory_limit_bytes_(memory_limit_bytes) {}

FaultInjector::~FaultInjector() { Release(); }

void FaultInjector::Start(const Fault& fault) {
  const std::lock_guard lock(runner_mutex_);
  logger_.Warn("fault injected", {{"fault", Describe(fault)}});
  if (fault.mode == FaultMode::kCrash) _exit(kCrashStatus);
  runner_ = {};  // Stops and joins the last fault's thread.
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
  ResidentMemory memory;
  for (uint64_t held = 0; held < fault.bytes && clock_.Monotonic() < end; held += kBlockBytes) {
    memory.Grow(std::min(kBlockBytes, fault.bytes - held));
    if (memory_limit_bytes_ > 0 && ResidentBytes() > memory_limit_bytes_) {
      logger_.Error("out of memory", {{"limit_bytes", memory_limit_bytes_}});
      _exit(kOutOfMemoryStatus);
    }
    if (!Wait(stop, kBetweenBlocks)) return;
  }
  Wait(stop, std::max(end - clock_.Monotonic(), Duration(0)));
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
