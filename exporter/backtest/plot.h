#pragma once

#include <optional>
#include <string>
#include <vector>

#include "exporter/backtest/evaluation.h"
#include "exporter/backtest/replay.h"

namespace promheal::anomaly {

// A curve over time. Its vectors have a value for each step of `grid`; NaN = none.
struct Plot {
  std::string title;
  Grid grid;
  std::vector<float> values;
  std::vector<float> expected;  // A dashed curve, if not empty.
  std::vector<float> lower;     // Lower edge of the band around `expected`.
  std::vector<float> upper;     // Upper edge of the band.
  std::optional<double> threshold;
  std::vector<Stretch> incidents;  // Shaded over the whole height.
  std::vector<Stretch> alerts;     // Marked at the bottom.
};

// Colours for pages and files with plots, light and dark.
extern const char kPlotStyle[];

inline constexpr double kPlotWidth = 900.0;
inline constexpr double kPlotHeight = 130.0;

// A plot as an <svg> element, and as a <g> element `top` units below the upper edge of another
// <svg>. Both use the classes of kPlotStyle. Values far outside the band (or, without a band, above
// six times the threshold) are cut off and marked, so that the band stays visible.
std::string ToSvg(const Plot& plot);
std::string ToSvgGroup(const Plot& plot, double top);

}  // namespace promheal::anomaly
