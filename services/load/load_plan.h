#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/base/time.h"

namespace promheal::shop {

// How many requests a second there are. The first two go on until another is set; the others are
// episodes on top of them, which end by themselves.
enum class LoadPattern {
  kSteady,  // The same at all times.
  kWave,    // Up and down around the mean, as the hours of a day are.
  kSpike,   // A multiple.
  kDrop,    // A fraction.
  kOdd,     // As many, but other routes and methods than usual.
};

std::string_view ToString(LoadPattern pattern);

// What someone asks for by POST /pattern?name=&duration=&factor=.
struct PatternChange {
  LoadPattern pattern = LoadPattern::kSteady;
  Duration duration{};  // Of an episode.
  double factor = 1.0;  // Of an episode, on the rate there would be without it.

  bool operator==(const PatternChange&) const = default;
};

// An error says what was expected.
Result<PatternChange> ParsePatternChange(const std::map<std::string, std::string>& query);
std::string Describe(const PatternChange& change);

// The most that is ever sent, whatever the factors, in requests/s.
inline constexpr double kMaxLoadRate = 1000;

// Pure: time is what has passed since the load began.
class LoadPlan {
 public:
  struct Options {
    double rate = 40;  // Requests/s over all services, on average.
    LoadPattern pattern = LoadPattern::kWave;
    Duration wave_period = std::chrono::seconds(60);
    double wave_amplitude = 0.4;  // As a share of the rate.
  };

  explicit LoadPlan(Options options) : options_(options) {}

  // An episode replaces the one there is; steady and wave end it.
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
