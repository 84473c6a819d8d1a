#include "tests/bench/detection/score_surface.h"

#include <fmt/format.h>

#include <Eigen/Core>
#include <array>
#include <cmath>
#include <random>

#include "exporter/core/forest/isolation_forest.h"
#include "exporter/core/isolation.h"
#include "exporter/core/range_factor.h"
#include "tests/bench/detection/svg_file.h"

namespace promheal::anomaly {
namespace {

constexpr int kSamples = 400;
constexpr int kColumns = 80;
constexpr int kRows = 60;
constexpr double kCell = 5.0;
constexpr double kLowest = -8.0;  // Ends of both axes, in standard deviations of the samples.
constexpr double kHighest = 8.0;
constexpr double kTop = 40.0;
constexpr std::array<const char*, 9> kColours = {"#f8f9fa", "#e7f5ff", "#d0ebff",
                                                 "#a5d8ff", "#ffe066", "#ffa94d",
                                                 "#fd7e14", "#e8590c", "#c92a2a"};
constexpr double kLowestScore = 0.40;  // Where the first colour begins.
constexpr double kScoreStep = 0.05;    // Difference between two colours.

// Samples of two features that rise together, as traffic and CPU do.
Eigen::MatrixXd RelatedSamples() {
  std::mt19937_64 generator(7);
  std::normal_distribution<double> normal;
  Eigen::MatrixXd samples(kSamples, 2);
  for (Eigen::Index i = 0; i < kSamples; ++i) {
    const double common = normal(generator);
    samples(i, 0) = 0.9 * common + 0.4 * normal(generator);
    samples(i, 1) = 0.9 * common + 0.4 * normal(generator);
  }
  return samples;
}

size_t ColourOf(double score) {
  const double index = std::floor((score - kLowestScore) / kScoreStep);
  return static_cast<size_t>(std::clamp(index, 0.0, static_cast<double>(kColours.size()) - 1.0));
}

double CoordinateOf(int cell, int cells) {
  return kLowest + (kHighest - kLowest) * (cell + 0.5) / cells;
}

// A path for each colour, made of horizontal runs of cells.
template <typename ScoreAt>
std::string Cells(ScoreAt score_at, double left) {
  std::array<std::string, kColours.size()> paths;
  for (int y = 0; y < kRows; ++y) {
    int begin = 0;
    const auto colour = [&](int x) {
      return ColourOf(score_at(CoordinateOf(x, kColumns), -CoordinateOf(y, kRows)));
    };
    for (int x = 1; x <= kColumns; ++x) {
      if (x < kColumns && colour(x) == colour(begin)) continue;
      paths[colour(begin)] +=
          fmt::format("M{} {}h{}v{}h-{}z", left + kCell * begin, kTop + kCell * y,
                      kCell * (x - begin), kCell, kCell * (x - begin));
      begin = x;
    }
  }
  std::string svg;
  for (size_t i = 0; i < paths.size(); ++i) {
    svg += fmt::format("<path fill=\"{}\" d=\"{}\"/>\n", kColours[i], paths[i]);
  }
  return svg;
}

std::string Dots(const Eigen::MatrixXd& samples, double left) {
  std::string path;
  for (Eigen::Index i = 0; i < samples.rows(); i += 2) {
    const double x = left + kCell * kColumns * (samples(i, 0) - kLowest) / (kHighest - kLowest);
    const double y = kTop + kCell * kRows * (kHighest - samples(i, 1)) / (kHighest - kLowest);
    path += fmt::format("M{:.1f} {:.1f}h1.6v1.6h-1.6z", x - 0.8, y - 0.8);
  }
  return fmt::format("<path fill=\"#212529\" d=\"{}\"/>\n", path);
}

std::string Legend(double top) {
  std::string svg;
  for (size_t i = 0; i < kColours.size(); ++i) {
    const double x = 200.0 + 50.0 * static_cast<double>(i);
    svg += fmt::format(
        "<rect x=\"{}\" y=\"{}\" width=\"50\" height=\"10\" fill=\"{}\"/><text x=\"{}\" y=\"{}\" "
        "text-anchor=\"middle\">{:.2f}</text>\n",
        x, top, kColours[i], x, top + 24, kLowestScore + kScoreStep * static_cast<double>(i));
  }
  return svg;
}

}  // namespace

std::string ScoreSurfacePicture() {
  const Eigen::MatrixXd samples = RelatedSamples();
  const auto forest = IsolationForest::Fit(samples, {.seed = 1});
  const RangeBounds bounds = FitRangeBounds(samples, 0.005, Eigen::RowVector2d(0.05, 0.05));
  const auto alone = [&](double x, double y) { return forest->Score(Eigen::RowVector2d(x, y)); };
  const auto with_range = [&](double x, double y) {
    return IsolationScore(Isolate(*forest, bounds, Eigen::RowVector2d(x, y)).statistic);
  };
  constexpr double kSecond = 20.0 + kCell * kColumns + 40.0;
  std::string svg = fmt::format(
      "<text class=\"title\" x=\"20\" y=\"24\">isolation forest alone: it says the same of 3 and "
      "of 300</text>\n<text class=\"title\" x=\"{}\" y=\"24\">with the range factor: farther out "
      "is more anomalous</text>\n",
      kSecond);
  svg += Cells(alone, 20.0) + Dots(samples, 20.0);
  svg += Cells(with_range, kSecond) + Dots(samples, kSecond);
  const double below = kTop + kCell * kRows + 16.0;
  svg += Legend(below);
  return SvgFile(svg, static_cast<int>(kSecond + kCell * kColumns + 20.0),
                 static_cast<int>(below + 34.0));
}

}  // namespace promheal::anomaly
