#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <sstream>
#include <system_error>

#include "common/io/file.h"
#include "common/io/prometheus/exposition.h"

namespace promheal {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

MetricFamily Counter(std::string name, std::string help, double value) {
  MetricFamily family{std::move(name), std::move(help), MetricType::Counter, {ClientMetric()}};
  family.metric.front().counter.value = value;
  return family;
}

MetricFamily Gauge(std::string name, std::string help, double value) {
  MetricFamily family{std::move(name), std::move(help), MetricType::Gauge, {ClientMetric()}};
  family.metric.front().gauge.value = value;
  return family;
}

// The fields of /proc/self/stat that this collector needs; see proc(5).
struct ProcessStat {
  double cpu_ticks = 0;
  double threads = 0;
  double start_ticks = 0;  // Since boot.
  double virtual_bytes = 0;
  double resident_pages = 0;
};

std::optional<ProcessStat> ReadProcessStat() {
  const Result<std::string> text = ReadFile("/proc/self/stat");
  if (!text) return std::nullopt;
  const size_t name_end = text->rfind(')');  // The name may hold any character.
  if (name_end == std::string::npos) return std::nullopt;
  constexpr int kFirst = 3;  // The field after the name, counted from 1.
  constexpr int kUserTicks = 14, kSystemTicks = 15, kThreads = 20, kStart = 22, kVirtual = 23,
                kResident = 24;
  std::istringstream fields(text->substr(name_end + 1));
  ProcessStat stat;
  std::string field;
  for (int i = kFirst; i <= kResident; ++i) {
    if (!(fields >> field)) return std::nullopt;
    if (i < kUserTicks) continue;
    const double value = std::strtod(field.c_str(), nullptr);
    if (i == kUserTicks || i == kSystemTicks) stat.cpu_ticks += value;
    if (i == kThreads) stat.threads = value;
    if (i == kStart) stat.start_ticks = value;
    if (i == kVirtual) stat.virtual_bytes = value;
    if (i == kResident) stat.resident_pages = value;
  }
  return stat;
}

// The number that follows `key` at the start of a line.
std::optional<double> ReadNumberAfter(const std::string& path, const std::string& key) {
  const Result<std::string> text = ReadFile(path);
  if (!text) return std::nullopt;
  const size_t at = text->find("\n" + key);
  if (at == std::string::npos) return std::nullopt;
  const char* number = text->c_str() + at + 1 + key.size();
  char* end = nullptr;
  const double value = std::strtod(number, &end);
  return end == number ? std::nullopt : std::optional(value);
}

std::optional<double> CountOpenFiles() {
  namespace fs = std::filesystem;
  std::error_code error;
  double count = -1;  // Not counting the descriptor of this listing.
  for (fs::directory_iterator entry("/proc/self/fd", error), end; !error && entry != end;
       entry.increment(error)) {
    ++count;
  }
  return error ? std::nullopt : std::optional(count);
}

class ProcessCollector final : public prometheus::Collectable {
 public:
  std::vector<MetricFamily> Collect() const override {
    std::vector<MetricFamily> families;
    if (const auto stat = ReadProcessStat()) AppendStat(*stat, &families);
    if (const auto open_files = CountOpenFiles()) {
      families.push_back(
          Gauge("process_open_fds", "Number of open file descriptors.", *open_files));
    }
    if (const auto limit = ReadNumberAfter("/proc/self/limits", "Max open files")) {
      families.push_back(
          Gauge("process_max_fds", "Maximum number of open file descriptors.", *limit));
    }
    return families;
  }

 private:
  static void AppendStat(const ProcessStat& stat, std::vector<MetricFamily>* families) {
    const auto ticks_per_second = static_cast<double>(sysconf(_SC_CLK_TCK));
    const auto page_bytes = static_cast<double>(sysconf(_SC_PAGESIZE));
    families->push_back(Counter("process_cpu_seconds_total",
                                "Total user and system CPU time spent in seconds.",
                                stat.cpu_ticks / ticks_per_second));
    families->push_back(Gauge("process_resident_memory_bytes", "Resident memory size in bytes.",
                              stat.resident_pages * page_bytes));
    families->push_back(
        Gauge("process_virtual_memory_bytes", "Virtual memory size in bytes.", stat.virtual_bytes));
    families->push_back(
        Gauge("process_threads", "Number of operating system threads in use.", stat.threads));
    if (const auto boot = ReadNumberAfter("/proc/stat", "btime ")) {
      families->push_back(Gauge("process_start_time_seconds",
                                "Start time of the process since unix epoch in seconds.",
                                *boot + stat.start_ticks / ticks_per_second));
    }
  }
};

}  // namespace

std::shared_ptr<prometheus::Collectable> MakeProcessCollector() {
  return std::make_shared<ProcessCollector>();
}

}  // namespace promheal
