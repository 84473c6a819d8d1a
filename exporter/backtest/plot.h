#pragma once

#include <optional>
#include <string>
#include <vector>

#include "exporter/backtest/evaluation.h"
#include "exporter/backtest/replay.h"

namespace promheal::anomaly {

// One curve over time, as SVG. All vectors have one value a step of `grid`; NaN = none.
struct Plot {
  std::string title;
  Grid grid;
  std::vector<float> values;
  std::vector<float> expected;  // Empty, or a dashed curve...
  std::vector<float> lower;     // ...within a band from lower...
  std::vector<float> upper;     // ...to upper.
  std::optional<double> threshold;
  std::vector<Stretch> incidents;  // Shaded over the whole height.
  std::vector<Stretch> alerts;     // Marked at the bottom.
};

// Colours, light and dark, for pages and files that hold plots.
extern const char kPlotStyle[];

// An <svg> element with the classes of kPlotStyle. Values far outside the band (or, without one,
// above six times the threshold) are cut off, and marked as such, so that the band stays visible.
std::string ToSvg(const Plot& plot);

// A file of its own: plots one above the other.
std::string ToSvgFile(const std::vector<Plot>& plots);

// A file of its own with any content in `width` x `height` units.
std::string SvgFile(std::string_view content, int width, int height);

}  // namespace promheal::anomaly
