#include "services/shop/fault.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>

#include "common/base/duration.h"
#include "common/io/http/http_text.h"

namespace promheal::shop {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr uint64_t kMiB = uint64_t{1} << 20;
constexpr Duration kShortest = milliseconds(100);
constexpr Duration kLongest = minutes(10);
constexpr Duration kSlowestService = seconds(10);
constexpr uint64_t kMostBytes = 512 * kMiB;

enum class Amount { kNone, kServiceTime, kBytes };

// The parameters of a mode and their defaults.
struct Mode {
  std::string_view name;
  FaultMode mode;
  bool lasts;     // Has duration=.
  double rate;    // The default of rate=; 0 if the mode has no rate=.
  Amount amount;  // The meaning of amount=.
  Fault defaults() const {
    Fault fault{.mode = mode, .rate = rate};
    if (!lasts) fault.duration = {};
    if (amount == Amount::kServiceTime) fault.service_time = milliseconds(250);
    if (amount == Amount::kBytes) fault.bytes = 128 * kMiB;
    return fault;
  }
};

constexpr std::array<Mode, 8> kModes = {{
    {"none", FaultMode::kNone, false, 0, Amount::kNone},
    {"crash", FaultMode::kCrash, false, 0, Amount::kNone},
    {"hang", FaultMode::kHang, true, 0, Amount::kNone},
    {"latency", FaultMode::kLatency, true, 0.5, Amount::kServiceTime},
    {"errors", FaultMode::kErrors, true, 0.5, Amount::kNone},
    {"cpu", FaultMode::kCpu, true, 0.8, Amount::kNone},
    {"memory", FaultMode::kMemory, true, 0, Amount::kBytes},
    {"log_errors", FaultMode::kLogErrors, true, 1, Amount::kNone},
}};

tl::unexpected<Error> Bad(std::string message) {
  return Fail(ErrorCode::kInvalidArgument, std::move(message));
}

Result<Mode> FindMode(const std::map<std::string, std::string>& query) {
  const auto given = query.find("mode");
  const std::string_view name = given == query.end() ? "hang" : std::string_view(given->second);
  const auto* mode =
      std::find_if(kModes.begin(), kModes.end(), [name](const Mode& m) { return m.name == name; });
  if (mode != kModes.end()) return *mode;
  std::string names;
  for (const Mode& m : kModes) names += fmt::format("{}{}", names.empty() ? "" : ", ", m.name);
  return Bad(fmt::format("mode: '{}' is none: expected one of {}", name, names));
}

Result<Duration> ParseBetween(std::string_view key, const std::string& text, Duration shortest,
                              Duration longest) {
  const Result<Duration> duration = ParseDuration(text);
  if (duration && *duration >= shortest && *duration <= longest) return *duration;
  return Bad(fmt::format("{}: '{}' is not right: expected a duration from {} to {}, such as 30s",
                         key, text, FormatDuration(shortest), FormatDuration(longest)));
}

Result<double> ParseRate(const std::string& text) {
  double rate = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), rate);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  if (whole && rate > 0 && rate <= 1) return rate;
  return Bad(fmt::format(
      "rate: '{}' is not right: expected a share above 0 and at most 1, such as 0.5", text));
}

Result<uint64_t> ParseBytes(const std::string& text) {
  constexpr std::pair<std::string_view, uint64_t> kUnits[] = {
      {"KiB", kMiB / 1024}, {"MiB", kMiB}, {"GiB", kMiB * 1024}};
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view rest(end, static_cast<size_t>(text.data() + text.size() - end));
  for (const auto& [unit, bytes] : kUnits) {
    if (error != std::errc() || rest != unit || number == 0) continue;
    if (number <= kMostBytes / bytes) return number * bytes;
  }
  return Bad(fmt::format("amount: '{}' is not right: expected a size up to {}MiB, such as 64MiB",
                         text, kMostBytes / kMiB));
}

Status ReadParameter(const Mode& mode, const std::string& key, const std::string& value,
                     Fault* fault) {
  const auto store = [](auto result, auto* target) -> Status {
    if (!result) return tl::make_unexpected(result.error());
    *target = *result;
    return {};
  };
  if (key == "mode") return {};
  if (key == "duration" && mode.lasts) {
    return store(ParseBetween(key, value, kShortest, kLongest), &fault->duration);
  }
  if (key == "rate" && mode.rate > 0) return store(ParseRate(value), &fault->rate);
  if (key == "amount" && mode.amount == Amount::kServiceTime) {
    return store(ParseBetween(key, value, milliseconds(1), kSlowestService), &fault->service_time);
  }
  if (key == "amount" && mode.amount == Amount::kBytes) {
    return store(ParseBytes(value), &fault->bytes);
  }
  std::string allowed;
  if (mode.lasts) allowed += " duration";
  if (mode.rate > 0) allowed += " rate";
  if (mode.amount != Amount::kNone) allowed += " amount";
  return Bad(fmt::format("{}: mode={} takes {}", key, mode.name,
                         allowed.empty() ? "no parameters" : "only" + allowed));
}

}  // namespace

std::string_view ToString(FaultMode mode) {
  return std::find_if(kModes.begin(), kModes.end(),
                      [mode](const Mode& m) { return m.mode == mode; })
      ->name;
}

Result<Fault> ParseFault(const std::map<std::string, std::string>& query) {
  const Result<Mode> mode = FindMode(query);
  if (!mode) return tl::make_unexpected(mode.error());
  Fault fault = mode->defaults();
  for (const auto& [key, value] : query) {
    if (const Status read = ReadParameter(*mode, key, value, &fault); !read) {
      return tl::make_unexpected(read.error());
    }
  }
  return fault;
}

Result<std::optional<Fault>> ReadFaultFile(const std::string& path) {
  std::ifstream file(path);
  if (!file) return std::nullopt;
  std::string query;
  std::getline(file, query);
  const Result<Fault> fault = ParseFault(ParseQuery(query));
  if (!fault)
    return tl::make_unexpected(Error{fault.error().code, path + ": " + fault.error().message});
  return *fault;
}

std::string Describe(const Fault& fault) {
  const std::string lasting =
      fmt::format("{} for {}: ", ToString(fault.mode), FormatDuration(fault.duration));
  const double percent = fault.rate * 100;
  switch (fault.mode) {
    case FaultMode::kNone:
      return "none: back to normal";
    case FaultMode::kCrash:
      return "crash: the process ends now";
    case FaultMode::kHang:
      return lasting + "nothing is answered";
    case FaultMode::kLatency:
      return lasting + fmt::format("{:.3g} % of the workers are lost, a request takes {}", percent,
                                   FormatDuration(fault.service_time));
    case FaultMode::kErrors:
      return lasting + fmt::format("{:.3g} % of the requests are answered with 500", percent);
    case FaultMode::kCpu:
      return lasting + fmt::format("{:.3g} % of one core is burnt", percent);
    case FaultMode::kMemory:
      return lasting + fmt::format("memory grows by {}MiB", fault.bytes / kMiB);
    case FaultMode::kLogErrors:
      return lasting + fmt::format("{:.3g} % of the requests log an error", percent);
  }
  return "";
}

}  // namespace promheal::shop
