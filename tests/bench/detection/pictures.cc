// Draws the pictures of docs/detection.md with the detector itself:
//   build/bench/bin/detection_pictures docs/images
// The argument is the directory to write to. The same version always draws the same pictures.

#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <numbers>
#include <random>
#include <string>

#include "common/io/file.h"
#include "exporter/backtest/findings.h"
#include "exporter/backtest/target_plots.h"
#include "exporter/core/detector.h"
#include "tests/bench/detection/score_surface.h"
#include "tests/bench/detection/svg_file.h"

namespace promheal::anomaly {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

const Time kMidnight = FromUnixSeconds(1'772'409'600);  // 2026-03-02, a Monday.
constexpr int kDaysBefore = 2;

ExporterConfig ShopConfig() {
  ExporterConfig config;
  config.interval = minutes(1);
  config.features = {
      {{.name = "requests a second", .minimum_relative = 0.5}, ""},
      {{.name = "latency_p95, seconds",
        .direction = Direction::kUp,
        .minimum_absolute = 0.03,
        .minimum_relative = 1.0},
       ""},
      {{.name = "error ratio", .direction = Direction::kUp, .minimum_absolute = 0.05}, ""}};
  config.training.window = hours(24 * kDaysBefore);
  config.training.warm_up = hours(2);
  return config;
}

const std::vector<Incident>& DayOfIncidents() {
  static const std::vector<Incident> kIncidents = {
      {kMidnight + hours(6), kMidnight + hours(6) + minutes(20), {}},    // Slow.
      {kMidnight + hours(13), kMidnight + hours(13) + minutes(25), {}},  // Errors.
      {kMidnight + hours(18) + minutes(30),
       kMidnight + hours(18) + minutes(50),
       {}},  // No traffic.
  };
  return kIncidents;
}

// A service, sampled every minute: a daily wave, noise, and the incidents' effects.
class Service {
 public:
  Eigen::RowVectorXd At(Time time) {
    const double day = std::chrono::duration<double>(time - kMidnight) / hours(24);
    const double wave = 1.0 - 0.45 * std::cos(2.0 * std::numbers::pi * (day - 0.1));
    double rate = 40.0 * wave * (1.0 + 0.06 * normal_(generator_));
    double latency = 0.060 * (1.0 + 0.25 * wave) * std::exp(0.12 * normal_(generator_));
    double errors = 0.002 * std::exp(0.5 * normal_(generator_));
    const auto within = [&](size_t i) {
      const Incident& incident = DayOfIncidents()[i];
      return time > incident.start && time <= incident.end;
    };
    if (within(0)) latency *= 4.0;
    if (within(1)) errors += 0.15;
    if (within(2)) rate *= 0.15;
    return Eigen::RowVector3d(rate, latency, errors);
  }

 private:
  std::mt19937_64 generator_{11};
  std::normal_distribution<double> normal_;
};

// A day of scores after two days of learning, from the detector that the exporter uses.
std::string DayOfAServicePicture() {
  const ExporterConfig config = ShopConfig();
  const Stretch judged{kMidnight, kMidnight + hours(24) - minutes(1)};
  const Labels target{{"service", "checkout"}};
  Detector detector(config.feature_set(), config.detector_options());
  Recorder recorder(config, judged, true);
  Service service;
  const std::vector present(config.features.size(), CellState::kPresent);
  for (Time time = kMidnight - config.training.window; time <= judged.to; time += minutes(1)) {
    const std::optional<Score> score = detector.Observe(time, service.At(time), present);
    if (time >= judged.from) recorder.Add({time, target, score});
    if (detector.TrainingDue(time)) static_cast<void>(detector.Train(time));
  }
  const Question question{.replay = {.judged = judged, .training = std::nullopt},
                          .has_incidents = true,
                          .incidents = DayOfIncidents()};
  const Findings findings = EvaluateReplay(config, question, {.targets = 1}, recorder);
  return PlotsFile(TargetPlots(config, findings, recorder, findings.targets.front()));
}

int Draw(const std::string& directory) {
  for (const auto& [name, picture] : {std::pair{"score-surface.svg", ScoreSurfacePicture()},
                                      std::pair{"day-of-a-service.svg", DayOfAServicePicture()}}) {
    const std::string path = fmt::format("{}/{}", directory, name);
    if (const Status written = WriteFileAtomically(path, picture); !written) {
      fmt::print(stderr, "{}\n", written.error().message);
      return 1;
    }
    fmt::print("{}: {} bytes\n", path, picture.size());
  }
  return 0;
}

}  // namespace
}  // namespace promheal::anomaly

int main(int argc, char** argv) {
  if (argc != 2 || argv[1][0] == '-') {
    fmt::print(stderr, "usage: detection_pictures DIRECTORY\n");
    return 2;
  }
  return promheal::anomaly::Draw(argv[1]);
}
