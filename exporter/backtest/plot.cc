#include "exporter/backtest/plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "common/base/time_argument.h"
#include "common/io/http/http_server.h"

namespace promheal::anomaly {

const char kPlotStyle[] = R"(
.plot { --ink: #212529; --faint: #868e96; --line: #dee2e6; --value: #1864ab; --band: #a5d8ff;
  --threshold: #c92a2a; --incident: #ffc9c9; --alert: #c92a2a; font: 11px system-ui, sans-serif; }
@media (prefers-color-scheme: dark) { .plot { --ink: #e9ecef; --faint: #909296; --line: #373a40;
  --value: #74c0fc; --band: #1c4a6e; --threshold: #ff8787; --incident: #5c2b2e; --alert: #ff8787; } }
.plot text { fill: var(--faint); } .plot text.title { fill: var(--ink); font-weight: 600; }
.plot .grid { stroke: var(--line); stroke-width: 1; }
.plot .incident { fill: var(--incident); opacity: .6; } .plot .alert { fill: var(--alert); }
.plot .band { fill: var(--band); opacity: .55; }
.plot .expected { fill: none; stroke: var(--faint); stroke-width: 1; stroke-dasharray: 4 3; }
.plot .value { fill: none; stroke: var(--value); stroke-width: 1.4; stroke-linejoin: round; }
.plot .threshold { stroke: var(--threshold); stroke-width: 1.2; stroke-dasharray: 6 4; }
.plot .cut { fill: var(--value); }
)";

namespace {

constexpr double kLeft = 58.0;
constexpr double kRight = 10.0;
constexpr double kTop = 20.0;
constexpr double kBottom = 18.0;
constexpr double kMostBands = 6.0;  // A band is at least about a sixth of the plot's height.

struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  void Include(const std::vector<float>& values) {
    for (const float value : values) {
      if (!std::isfinite(value)) continue;
      low = std::min(low, static_cast<double>(value));
      high = std::max(high, static_cast<double>(value));
    }
  }
  bool empty() const { return low > high; }
  double size() const { return high - low; }
};

// The range of the vertical axis.
Range VerticalRange(const Plot& plot) {
  Range band;
  band.Include(plot.lower);
  band.Include(plot.upper);
  if (plot.threshold) band = {std::min(0.0, band.low), std::max(1.5 * *plot.threshold, band.high)};
  Range all = band;
  all.Include(plot.values);
  if (all.empty()) return {0.0, 1.0};
  if (!band.empty() && band.size() > 0.0) {
    const double room = (kMostBands - 1.0) / 2.0 * band.size();
    all.low = std::max(all.low, band.low - room);
    all.high = std::min(all.high, band.high + room + (plot.threshold ? room : 0.0));
  }
  if (all.size() <= 0.0) return {all.low - 0.5, all.high + 0.5};
  const double margin = 0.04 * all.size();
  return {all.low >= 0.0 ? std::max(0.0, all.low - margin) : all.low - margin, all.high + margin};
}

// The smallest of 1, 2, 5 times a power of ten that is at least `step`.
double RoundStep(double step) {
  const double power = std::pow(10.0, std::floor(std::log10(step)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= step * 0.999) return factor * power;
  }
  return 10.0 * power;
}

std::string ShortNumber(double value) {
  static constexpr std::array<std::pair<double, char>, 4> kUnits = {
      {{1e12, 'T'}, {1e9, 'G'}, {1e6, 'M'}, {1e3, 'k'}}};
  for (const auto& [size, unit] : kUnits) {
    if (std::abs(value) >= size) return fmt::format("{:.4g}{}", value / size, unit);
  }
  return fmt::format("{:.4g}", std::abs(value) < 1e-12 ? 0.0 : value);
}

class Canvas {
 public:
  explicit Canvas(const Plot& plot)
      : plot_(plot), range_(VerticalRange(plot)), steps_(std::max<size_t>(plot.values.size(), 2)) {}

  std::string Draw(double offset) {
    svg_ += fmt::format("<g transform=\"translate(0 {})\">\n", offset);
    for (const Stretch& incident : plot_.incidents) {
      Box("incident", incident, kTop, kPlotHeight - kBottom, "incident");
    }
    DrawGrid();
    DrawBand();
    DrawCurve("expected", plot_.expected);
    if (plot_.threshold) HorizontalLine("threshold", *plot_.threshold);
    DrawCurve("value", plot_.values);
    MarkCutOffValues();
    for (const Stretch& alert : plot_.alerts) {
      Box("alert", alert, kPlotHeight - kBottom - 4.0, kPlotHeight - kBottom, "alert");
    }
    svg_ += fmt::format("<text class=\"title\" x=\"{}\" y=\"13\">{}</text>\n</g>\n", kLeft,
                        EscapeHtml(plot_.title));
    return svg_;
  }

 private:
  double X(double step) const {
    return kLeft + (kPlotWidth - kLeft - kRight) * step / static_cast<double>(steps_ - 1);
  }
  double XOf(Time time) const {
    const double step = std::chrono::duration<double>(time - plot_.grid.from) /
                        std::chrono::duration<double>(plot_.grid.step);
    return X(std::clamp(step, 0.0, static_cast<double>(steps_ - 1)));
  }
  double Y(double value) const {
    const double share = (std::clamp(value, range_.low, range_.high) - range_.low) / range_.size();
    return kPlotHeight - kBottom - (kPlotHeight - kBottom - kTop) * share;
  }

  void Box(std::string_view style, const Stretch& stretch, double top, double bottom,
           std::string_view label) {
    const double left = XOf(stretch.from);
    const double width = std::max(XOf(stretch.to) - left, 1.5);
    svg_ += fmt::format(
        "<rect class=\"{}\" x=\"{:.1f}\" y=\"{}\" width=\"{:.1f}\" height=\"{}\">"
        "<title>{} {} to {}</title></rect>\n",
        style, left, top, width, bottom - top, label, TimeText(stretch.from), TimeText(stretch.to));
  }

  void HorizontalLine(std::string_view style, double value) {
    svg_ +=
        fmt::format("<line class=\"{0}\" x1=\"{1}\" x2=\"{2}\" y1=\"{3:.1f}\" y2=\"{3:.1f}\"/>\n",
                    style, kLeft, kPlotWidth - kRight, Y(value));
  }

  void DrawGrid() {
    const double step = RoundStep(range_.size() / 3.0);
    for (double value = std::ceil(range_.low / step) * step; value <= range_.high; value += step) {
      HorizontalLine("grid", value);
      svg_ += fmt::format("<text x=\"{}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>\n", kLeft - 6,
                          Y(value) + 4, ShortNumber(value));
    }
    const Duration length = plot_.grid.step * static_cast<int64_t>(steps_ - 1);
    const Duration every = TimeStep(length);
    const Time end = plot_.grid.from + length;
    for (Time time = AlignDown(plot_.grid.from, every) + every; time <= end; time += every) {
      const std::string text = FormatRfc3339(time);
      const bool midnight = text.substr(11, 5) == "00:00";
      svg_ += fmt::format(
          "<line class=\"grid\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1}\" y2=\"{2}\"/>"
          "<text x=\"{0:.1f}\" y=\"{3}\" text-anchor=\"middle\">{4}</text>\n",
          XOf(time), kTop, kPlotHeight - kBottom, kPlotHeight - 5,
          midnight ? text.substr(5, 5) : text.substr(11, 5));
    }
  }

  static Duration TimeStep(Duration length) {
    using std::chrono::hours;
    using std::chrono::minutes;
    for (const Duration step :
         {Duration(minutes(1)), Duration(minutes(5)), Duration(minutes(15)), Duration(hours(1)),
          Duration(hours(3)), Duration(hours(6)), Duration(hours(12)), Duration(hours(24)),
          Duration(hours(48)), Duration(hours(168))}) {
      if (length / step <= 12) return step;
    }
    return hours(24 * 30);
  }

  // Calls `run(begin, end)` for every run of finite values.
  template <typename Run>
  static void ForEachRun(const std::vector<float>& values, Run run) {
    for (size_t i = 0; i < values.size();) {
      if (!std::isfinite(values[i])) {
        ++i;
        continue;
      }
      size_t end = i + 1;
      while (end < values.size() && std::isfinite(values[end])) ++end;
      run(i, end);
      i = end;
    }
  }

  std::string Points(const std::vector<float>& values, size_t begin, size_t end) const {
    std::string points;
    for (size_t i = begin; i < end; ++i) {
      points += fmt::format("{:.1f},{:.1f} ", X(static_cast<double>(i)),
                            Y(static_cast<double>(values[i])));
    }
    return points;
  }

  void DrawCurve(std::string_view style, const std::vector<float>& values) {
    ForEachRun(values, [&](size_t begin, size_t end) {
      // A single point becomes a short line, so that it is visible.
      std::string points = Points(values, begin, end);
      if (end == begin + 1) {
        points += fmt::format("{:.1f},{:.1f}", X(static_cast<double>(begin)) + 1.0,
                              Y(static_cast<double>(values[begin])));
      }
      svg_ += fmt::format("<polyline class=\"{}\" points=\"{}\"/>\n", style, points);
    });
  }

  void DrawBand() {
    ForEachRun(plot_.lower, [&](size_t begin, size_t end) {
      std::string points = Points(plot_.upper, begin, end);
      for (size_t i = end; i > begin; --i) {
        points += fmt::format("{:.1f},{:.1f} ", X(static_cast<double>(i - 1)),
                              Y(static_cast<double>(plot_.lower[i - 1])));
      }
      svg_ += fmt::format("<polygon class=\"band\" points=\"{}\"/>\n", points);
    });
  }

  void MarkCutOffValues() {
    for (size_t i = 0; i < plot_.values.size(); ++i) {
      const auto value = static_cast<double>(plot_.values[i]);
      if (!(value > range_.high || value < range_.low)) continue;
      const bool above = value > range_.high;
      const double x = X(static_cast<double>(i));
      const double y = Y(value);
      svg_ += fmt::format(
          "<path class=\"cut\" d=\"M{:.1f} {:.1f}l3 {}h-6z\"><title>{}</title></path>\n", x,
          above ? y - 5 : y + 5, above ? 5 : -5, ShortNumber(value));
    }
  }

  const Plot& plot_;
  Range range_;
  size_t steps_;
  std::string svg_;
};

}  // namespace

std::string ToSvg(const Plot& plot) {
  return fmt::format(
      "<svg class=\"plot\" viewBox=\"0 0 {0} {1}\" role=\"img\" aria-label=\"{2}\">\n{3}</svg>\n",
      kPlotWidth, kPlotHeight, EscapeHtml(plot.title), ToSvgGroup(plot, 0.0));
}

std::string ToSvgGroup(const Plot& plot, double top) { return Canvas(plot).Draw(top); }

}  // namespace promheal::anomaly
