#include "services/load/load_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numbers>

#include "common/base/duration.h"

namespace promheal::shop {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr Duration kShortestEpisode = seconds(1);
constexpr Duration kLongestEpisode = minutes(10);

struct PatternRow {
  std::string_view name;
  LoadPattern pattern;
  bool is_episode;
  double default_factor;
  double least_factor;
  double most_factor;
};

constexpr std::array<PatternRow, 5> kPatterns = {{
    {"steady", LoadPattern::kSteady, false, 1, 1, 1},
    {"wave", LoadPattern::kWave, false, 1, 1, 1},
    {"spike", LoadPattern::kSpike, true, 4, 1, 20},
    {"drop", LoadPattern::kDrop, true, 0.1, 0, 1},
    {"odd", LoadPattern::kOdd, true, 1, 0.1, 10},
}};

tl::unexpected<Error> Bad(std::string message) {
  return Fail(ErrorCode::kInvalidArgument, std::move(message));
}

Result<PatternRow> FindPattern(const std::map<std::string, std::string>& query) {
  const auto given = query.find("name");
  const std::string_view name = given == query.end() ? "" : std::string_view(given->second);
  const auto* row = std::find_if(kPatterns.begin(), kPatterns.end(),
                                 [name](const PatternRow& r) { return r.name == name; });
  if (row != kPatterns.end()) return *row;
  return Bad(fmt::format("name: '{}' is none: expected steady, wave, spike, drop or odd", name));
}

Result<double> ParseFactor(const PatternRow& row, const std::string& text) {
  double factor = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), factor);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  if (whole && factor >= row.least_factor && factor <= row.most_factor) return factor;
  return Bad(fmt::format("factor: '{}' is not right: expected a number from {} to {} for {}", text,
                         row.least_factor, row.most_factor, row.name));
}

Result<Duration> ParseEpisodeDuration(const std::string& text) {
  const Result<Duration> duration = ParseDuration(text);
  if (duration && *duration >= kShortestEpisode && *duration <= kLongestEpisode) return *duration;
  return Bad(fmt::format("duration: '{}' is not right: expected a duration from {} to {}", text,
                         FormatDuration(kShortestEpisode), FormatDuration(kLongestEpisode)));
}

Status ReadParameter(const PatternRow& row, const std::string& key, const std::string& value,
                     PatternChange* change) {
  const auto store = [](auto result, auto* target) -> Status {
    if (!result) return tl::make_unexpected(result.error());
    *target = *result;
    return {};
  };
  if (key == "name") return {};
  if (row.is_episode && key == "duration") {
    return store(ParseEpisodeDuration(value), &change->duration);
  }
  if (row.is_episode && key == "factor") return store(ParseFactor(row, value), &change->factor);
  return Bad(fmt::format("{}: name={} takes {}", key, row.name,
                         row.is_episode ? "only duration and factor" : "no other parameters"));
}

double ToSeconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

}  // namespace

std::string_view ToString(LoadPattern pattern) {
  return kPatterns[static_cast<size_t>(pattern)].name;
}

Result<PatternChange> ParsePatternChange(const std::map<std::string, std::string>& query) {
  const Result<PatternRow> row = FindPattern(query);
  if (!row) return tl::make_unexpected(row.error());
  PatternChange change{row->pattern, row->is_episode ? seconds(60) : seconds(0),
                       row->default_factor};
  for (const auto& [key, value] : query) {
    if (const Status read = ReadParameter(*row, key, value, &change); !read) {
      return tl::make_unexpected(read.error());
    }
  }
  return change;
}

std::string Describe(const PatternChange& change) {
  if (change.duration == Duration(0))
    return fmt::format("{} from now on", ToString(change.pattern));
  return fmt::format("{} for {}: {} times the usual rate", ToString(change.pattern),
                     FormatDuration(change.duration), change.factor);
}

void LoadPlan::Apply(const PatternChange& change, Duration elapsed) {
  if (change.duration == Duration(0)) {
    options_.pattern = change.pattern;
    episode_.reset();
  } else {
    episode_ = {change.pattern, change.factor, ToSeconds(elapsed + change.duration)};
  }
}

double LoadPlan::RateAt(double elapsed_seconds) const {
  double rate = options_.rate;
  if (options_.pattern == LoadPattern::kWave) {
    const double turns = elapsed_seconds / ToSeconds(options_.wave_period);
    rate *= 1 + options_.wave_amplitude * std::sin(2 * std::numbers::pi * turns);
  }
  if (InEpisode(elapsed_seconds)) rate *= episode_->factor;
  return std::min(rate, kMaxLoadRate);
}

LoadPattern LoadPlan::PatternAt(double elapsed_seconds) const {
  return InEpisode(elapsed_seconds) ? episode_->pattern : options_.pattern;
}

bool LoadPlan::InEpisode(double elapsed_seconds) const {
  return episode_ && elapsed_seconds < episode_->end_seconds;
}

}  // namespace promheal::shop
