#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "exporter/backtest/plot.h"

namespace promheal::anomaly {

// An SVG file with `content` in `width` x `height` units, in the colours of the plots.
std::string SvgFile(std::string_view content, int width, int height);

// An SVG file with the plots one above the other.
std::string PlotsFile(const std::vector<Plot>& plots);

}  // namespace promheal::anomaly
