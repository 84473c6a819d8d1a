#include "webhook/executors/docker/container_limits.h"

#include <fmt/core.h>

#include <charconv>
#include <nlohmann/json.hpp>

namespace promheal::healing {
namespace {

constexpr int64_t kNano = 1'000'000'000;
constexpr int64_t kPeriod = 100'000;  // Microseconds; the engine's own default.
constexpr std::string_view kUnlimited = "unlimited";
constexpr std::string_view kCpus = "cpus=";
constexpr std::string_view kMemory = "memory=";

// Nanoseconds of CPU per second as an exact decimal number: 500000000 is "0.5".
std::string CpusText(int64_t nano_cpus) {
  if (nano_cpus == 0) return std::string(kUnlimited);
  std::string text = fmt::format("{}.{:09}", nano_cpus / kNano, nano_cpus % kNano);
  while (text.ends_with('0')) text.pop_back();
  if (text.ends_with('.')) text.pop_back();
  return text;
}

std::optional<int64_t> ParseWhole(std::string_view text) {
  int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || rest != end || number < 0 || text.starts_with('-')) {
    return std::nullopt;
  }
  return number;
}

std::optional<int64_t> ParseCpus(std::string_view text) {
  if (text == kUnlimited) return 0;
  const size_t point = text.find('.');
  const std::optional<int64_t> whole = ParseWhole(text.substr(0, point));
  std::string decimals(point == std::string_view::npos ? "" : text.substr(point + 1));
  constexpr size_t kDigits = 9;
  if (!whole || *whole > 100'000 || decimals.size() > kDigits) return std::nullopt;
  decimals.resize(kDigits, '0');
  const std::optional<int64_t> part = ParseWhole(decimals);
  if (!part || *whole * kNano + *part == 0) return std::nullopt;
  return *whole * kNano + *part;
}

int64_t NanoCpusOf(const Container& container) {
  if (container.nano_cpus > 0) return container.nano_cpus;
  if (container.cpu_quota <= 0) return 0;
  const int64_t period = container.cpu_period > 0 ? container.cpu_period : kPeriod;
  return static_cast<int64_t>(static_cast<double>(container.cpu_quota) * kNano /
                              static_cast<double>(period));
}

// A container without a CPU limit gets a quota: Docker can remove a quota again, but not NanoCpus.
void PutCpus(nlohmann::json& body, const Container& container, int64_t nano_cpus) {
  if (container.nano_cpus > 0 && nano_cpus > 0) {
    body["NanoCpus"] = nano_cpus;
    return;
  }
  body["CpuPeriod"] = kPeriod;
  body["CpuQuota"] = nano_cpus == 0 ? -1 : nano_cpus / (kNano / kPeriod);
}

}  // namespace

std::string ToString(const ContainerLimits& limits) {
  std::string text;
  if (limits.nano_cpus) text = std::string(kCpus) + CpusText(*limits.nano_cpus);
  if (limits.memory_bytes) {
    text += fmt::format(
        "{}{}{}", text.empty() ? "" : " ", kMemory,
        *limits.memory_bytes == 0 ? std::string(kUnlimited) : std::to_string(*limits.memory_bytes));
  }
  return text;
}

Result<ContainerLimits> ParseContainerLimits(std::string_view text) {
  const std::string_view whole = text;
  ContainerLimits limits;
  bool good = !text.empty() && !text.ends_with(' ');
  while (good && !text.empty()) {
    const size_t space = text.find(' ');
    const std::string_view word = text.substr(0, space);
    text = space == std::string_view::npos ? std::string_view() : text.substr(space + 1);
    if (word.starts_with(kCpus)) {
      limits.nano_cpus = ParseCpus(word.substr(kCpus.size()));
      good = limits.nano_cpus.has_value();
    } else if (word.starts_with(kMemory)) {
      const std::string_view value = word.substr(kMemory.size());
      limits.memory_bytes = value == kUnlimited ? 0 : ParseWhole(value);
      good = limits.memory_bytes.has_value();
    } else {
      good = false;
    }
  }
  if (good) return limits;
  return Fail(ErrorCode::kInvalidArgument,
              fmt::format("'{}' is not a list of container limits", whole.substr(0, 60)));
}

ContainerLimits LimitsOf(const Container& container, const ContainerLimits& wanted) {
  ContainerLimits limits;
  if (wanted.nano_cpus) limits.nano_cpus = NanoCpusOf(container);
  if (wanted.memory_bytes) limits.memory_bytes = container.memory_bytes;
  return limits;
}

Result<std::string> UpdateBody(const Container& container, const ContainerLimits& wanted) {
  nlohmann::json body = nlohmann::json::object();
  if (wanted.nano_cpus) PutCpus(body, container, *wanted.nano_cpus);
  if (wanted.memory_bytes) {
    if (container.memory_bytes == 0 || *wanted.memory_bytes == 0) {
      return Fail(ErrorCode::kFailedPrecondition,
                  container.name +
                      " has no memory limit, and Docker cannot remove a first one again: set a "
                      "limit when it is created");
    }
    body["Memory"] = *wanted.memory_bytes;
    body["MemorySwap"] =
        container.memory_swap_bytes <= 0
            ? -1
            : *wanted.memory_bytes + (container.memory_swap_bytes - container.memory_bytes);
  }
  return body.dump();
}

}  // namespace promheal::healing
