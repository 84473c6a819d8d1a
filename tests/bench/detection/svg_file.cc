#include "tests/bench/detection/svg_file.h"

#include <fmt/format.h>

namespace promheal::anomaly {

std::string SvgFile(std::string_view content, int width, int height) {
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plot\" viewBox=\"0 0 {0} {1}\" "
      "width=\"{0}\" height=\"{1}\">\n<style>{2}.plot .paper {{ fill: #fff; }}\n"
      "@media (prefers-color-scheme: dark) {{ .plot .paper {{ fill: #1a1b1e; }} }}\n</style>\n"
      "<rect class=\"paper\" width=\"{0}\" height=\"{1}\"/>\n{3}</svg>\n",
      width, height, kPlotStyle, content);
}

std::string PlotsFile(const std::vector<Plot>& plots) {
  std::string content;
  double top = 0.0;
  for (const Plot& plot : plots) {
    content += ToSvgGroup(plot, top);
    top += kPlotHeight;
  }
  return SvgFile(content, static_cast<int>(kPlotWidth), static_cast<int>(top));
}

}  // namespace promheal::anomaly
