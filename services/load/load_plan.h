#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/base/time.h"

namespace promheal::shop {

// The course of the request rate. The first two last until another is set; the others are episodes
// on top of them, which end by themselves.
enum class LoadPattern {
  kSteady,  // Constant.
  kWave,    // Up and down around the mean, like a day.
  kSpike,   // A multiple of the rate.
  kDrop,    // A fraction of the rate.
  kOdd,     // The same rate with unusual routes and methods.
};

std::string_view ToString(LoadPattern pattern);

// The request of a POST /pattern?name=&duration=&factor=.
struct PatternChange {
  LoadPattern pattern = LoadPattern::kSteady;
  Duration duration{};  // For an episode.
  double factor = 1.0;  // For an episode: multiplies the rate without it.

  bool operator==(const PatternChange&) const = default;
};

Result<PatternChange> ParsePatternChange(const std::map<std::string, std::string>& query);
std::string Describe(const PatternChange& change);

// The upper bound of the rate for all factors, in requests/s.
inline constexpr double kMaxLoadRate = 1000;

// Pure: the caller passes the time since the load began.
class LoadPlan {
 public:
  struct Options {
    double rate = 40;  // Requests/s over all services, on average.
    LoadPattern pattern = LoadPattern::kWave;
    Duration wave_period = std::chrono::seconds(60);
    double wave_amplitude = 0.4;  // As a share of the rate.
  };

  explicit LoadPlan(Options options) : options_(options) {}

  // An episode replaces the current one; steady and wave end it.
  void Apply(const PatternChange& change, Duration elapsed);

  // In requests/s.
  double RateAt(double elapsed_seconds) const;
  LoadPattern PatternAt(double elapsed_seconds) const;

 private:
  struct Episode {
    LoadPattern pattern;
    double factor;
    double end_seconds;
  };
  bool InEpisode(double elapsed_seconds) const;

  Options options_;
  std::optional<Episode> episode_;
};

}  // namespace promheal::shop
