#include "exporter/core/season.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "exporter/core/baseline.h"
#include "exporter/core/statistics/robust_statistics.h"

namespace promheal::anomaly {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr int64_t kMostBins = 336;  // A bin is then half an hour of a week, four minutes of a day.
constexpr int64_t kFewestBins = 6;
constexpr int64_t kFewestCycles = 2;
constexpr double kLeastAutocorrelation = 0.25;
constexpr double kClip = 6.0;               // Robust standard deviations.
constexpr double kLargestMeanSquare = 0.9;  // As a share of the mean square without the season.

// A history cut into bins of whole cycles. Bin b of cycle c is cells(c, b).
struct Grid {
  int64_t bins = 0;
  std::vector<std::pair<int64_t, int64_t>> cell_of_row;  // Cycle, bin.
  int64_t cycles = 0;
};

Duration ShortestStep(const std::vector<Time>& times) {
  Duration shortest = Duration::max();
  for (size_t i = 1; i < times.size(); ++i) shortest = std::min(shortest, times[i] - times[i - 1]);
  return shortest;
}

// No bins if the history spans fewer than about two cycles, or a cycle has fewer than six rows.
Grid CutIntoBins(const std::vector<Time>& times, const Calendar& calendar, Duration cycle) {
  Grid grid;
  if (times.size() < 2 || times.back() - times.front() < kFewestCycles * cycle * 97 / 100)
    return grid;
  const int64_t bins = std::min(kMostBins, cycle / ShortestStep(times));
  if (bins < kFewestBins) return grid;
  grid.bins = bins;
  const Time first = times.front() - calendar.Phase(times.front(), cycle);
  for (const Time time : times) {
    const Duration phase = calendar.Phase(time, cycle);
    // Rounding to whole cycles, because summer time makes some days an hour longer or shorter.
    const int64_t number = (time - phase + cycle / 2 - first) / cycle;
    grid.cell_of_row.emplace_back(number, std::min(bins - 1, phase * bins / cycle));
    grid.cycles = std::max(grid.cycles, number + 1);
  }
  return grid;
}

// The median of each cell; NaN if it is empty.
Eigen::MatrixXd CellMedians(const Grid& grid, const Eigen::Ref<const Eigen::VectorXd>& values) {
  std::vector<std::vector<double>> of_cell(static_cast<size_t>(grid.cycles * grid.bins));
  for (size_t i = 0; i < grid.cell_of_row.size(); ++i) {
    const double value = values(static_cast<Eigen::Index>(i));
    const auto [cycle, bin] = grid.cell_of_row[i];
    if (!std::isnan(value)) of_cell[static_cast<size_t>(cycle * grid.bins + bin)].push_back(value);
  }
  Eigen::MatrixXd cells(grid.cycles, grid.bins);
  for (int64_t c = 0; c < grid.cycles; ++c) {
    for (int64_t b = 0; b < grid.bins; ++b) {
      std::vector<double>& cell = of_cell[static_cast<size_t>(c * grid.bins + b)];
      std::sort(cell.begin(), cell.end());
      cells(c, b) = QuantileOfSorted(cell, 0.5);
    }
  }
  return cells;
}

// Subtracts the level from each bin: the mean over the cycle around it, or near both ends, where no
// whole cycle fits around it, over the nearest whole cycle. NaN counts as missing.
void SubtractLevels(Eigen::MatrixXd& cells) {
  const Eigen::Index bins = cells.cols();
  const Eigen::Index count = cells.size();
  const auto at = [&](Eigen::Index i) -> double& { return cells(i / bins, i % bins); };
  Eigen::Index first = 0;
  while (first < count && std::isnan(at(first))) ++first;
  Eigen::Index last = count;
  while (last > first && std::isnan(at(last - 1))) --last;
  std::vector<double> sums(static_cast<size_t>(count) + 1, 0.0);
  std::vector<double> present(static_cast<size_t>(count) + 1, 0.0);
  for (Eigen::Index i = 0; i < count; ++i) {
    const auto k = static_cast<size_t>(i);
    const bool missing = std::isnan(at(i));
    sums[k + 1] = sums[k] + (missing ? 0.0 : at(i));
    present[k + 1] = present[k] + (missing ? 0.0 : 1.0);
  }
  for (Eigen::Index i = first; i < last; ++i) {
    const Eigen::Index begin = std::clamp(i - bins / 2, first, std::max(first, last - bins));
    const auto from = static_cast<size_t>(begin);
    const auto to = static_cast<size_t>(std::min(begin + bins, last));
    at(i) -= (sums[to] - sums[from]) / std::max(1.0, present[to] - present[from]);
  }
}

// The value that cycles agree on: their median. For two cycles: the value closer to 0, or 0 if
// their signs differ.
double Agreed(const std::vector<double>& ascending) {
  if (ascending.empty()) return 0.0;
  if (ascending.size() != 2) return QuantileOfSorted(ascending, 0.5);
  if (ascending[0] > 0.0) return ascending[0];
  return ascending[1] < 0.0 ? ascending[1] : 0.0;
}

// The variance of a cell: how much cycles differ in the same bin, for a typical bin.
double VarianceOfCells(const Eigen::MatrixXd& cells) {
  Eigen::VectorXd squares(cells.cols());
  for (Eigen::Index b = 0; b < cells.cols(); ++b) {
    double differences = 0.0;  // Half of each squared difference estimates the variance.
    int pairs = 0;
    for (Eigen::Index c = 0; c + 1 < cells.rows(); ++c) {
      const double difference = cells(c + 1, b) - cells(c, b);
      if (std::isnan(difference)) continue;
      differences += 0.5 * difference * difference;
      ++pairs;
    }
    squares(b) = pairs > 0 ? differences / pairs : kNaN;
  }
  const double typical = Median(squares);
  return std::isnan(typical) ? 0.0 : typical;
}

// The profile of all cycles except `left_out` (-1: of all cycles), shrunk towards 0 because part of
// it may be chance (the positive part of James and Stein's factor, bin by bin).
std::vector<double> ProfileOf(const Eigen::MatrixXd& cells, double variance,
                              Eigen::Index left_out) {
  std::vector<double> profile;
  for (Eigen::Index b = 0; b < cells.cols(); ++b) {
    Eigen::VectorXd others = cells.col(b);
    if (left_out >= 0) others(left_out) = kNaN;
    const std::vector<double> ascending = SortedPresent(others);
    const double agreed = Agreed(ascending);
    const double chance = variance / std::max<double>(1.0, static_cast<double>(ascending.size()));
    profile.push_back(agreed * std::max(0.0, 1.0 - chance / (agreed * agreed + 1e-300)));
  }
  return profile;
}

// Autocorrelation at a lag of one cycle. Values beyond kClip are cut to it, so that a single
// incident does not decide.
double Autocorrelation(Eigen::MatrixXd cells) {
  const double clip = kClip * RobustStandardDeviation(cells.reshaped());
  if (clip > 0.0) {
    cells =
        cells.unaryExpr([&](double x) { return std::isnan(x) ? x : std::clamp(x, -clip, clip); });
  }
  double products = 0.0;
  double squares = 0.0;
  for (Eigen::Index c = 0; c + 1 < cells.rows(); ++c) {
    for (Eigen::Index b = 0; b < cells.cols(); ++b) {
      const double now = cells(c, b);
      const double later = cells(c + 1, b);
      if (std::isnan(now) || std::isnan(later)) continue;
      products += now * later;
      squares += 0.5 * (now * now + later * later);
    }
  }
  return squares > 0.0 ? products / squares : 0.0;
}

double MeanSquare(const Eigen::VectorXd& values, double clip) {
  double sum = 0.0;
  double count = 0.0;
  for (const double value : values) {
    if (std::isnan(value)) continue;
    const double clipped = std::clamp(value, -clip, clip);
    sum += clipped * clipped;
    count += 1.0;
  }
  return count > 0.0 ? sum / count : 0.0;
}

double ValueAt(const std::vector<double>& bins, Duration phase, Duration cycle) {
  const auto count = static_cast<int64_t>(bins.size());
  const double position = static_cast<double>(phase.count()) / static_cast<double>(cycle.count()) *
                              static_cast<double>(count) -
                          0.5;
  const double below = std::floor(position);
  const double part = position - below;
  const auto at = [&](int64_t b) { return bins[static_cast<size_t>((b + count) % count)]; };
  const auto b = static_cast<int64_t>(below);
  return (1.0 - part) * at(b) + part * at(b + 1);
}

SeasonalValue AllowanceAt(const std::vector<double>& bins, Duration phase, Duration cycle) {
  const Duration bin = cycle / static_cast<int64_t>(bins.size());
  SeasonalValue season{.value = ValueAt(bins, phase, cycle)};
  for (const Duration near : {phase - bin, phase + bin}) {
    const double change = ValueAt(bins, near, cycle) - season.value;
    season.below = std::min(season.below, change);
    season.above = std::max(season.above, change);
  }
  return season;
}

void Add(const SeasonalValue& season, SeasonalValue& sum) {
  sum.value += season.value;
  sum.below += season.below;
  sum.above += season.above;
}

std::vector<SeasonalValue> SeasonOfRows(const SeasonalHistory& history, const Grid& grid,
                                        const Eigen::MatrixXd& cells, const Calendar& calendar,
                                        Duration cycle) {
  const double variance = VarianceOfCells(cells);
  std::vector<std::vector<double>> without;
  for (Eigen::Index c = 0; c < cells.rows(); ++c) without.push_back(ProfileOf(cells, variance, c));
  std::vector<SeasonalValue> season;
  for (size_t i = 0; i < history.times.size(); ++i) {
    season.push_back(AllowanceAt(without[static_cast<size_t>(grid.cell_of_row[i].first)],
                                 calendar.Phase(history.times[i], cycle), cycle));
  }
  return season;
}

}  // namespace

double SeasonalValue::Unexplained(double residual) const {
  if (residual > above) return residual - above;
  if (residual < below) return residual - below;
  return std::isnan(residual) ? residual : 0.0;
}

SeasonalValue SeasonAt(const std::vector<SeasonalProfile>& profiles, const Calendar& calendar,
                       Time time) {
  SeasonalValue season;
  for (const SeasonalProfile& profile : profiles) {
    Add(AllowanceAt(profile.bins, calendar.Phase(time, profile.cycle), profile.cycle), season);
  }
  return season;
}

Eigen::VectorXd Season::values() const {
  Eigen::VectorXd values(static_cast<Eigen::Index>(of_rows.size()));
  for (size_t i = 0; i < of_rows.size(); ++i)
    values(static_cast<Eigen::Index>(i)) = of_rows[i].value;
  return values;
}

Eigen::VectorXd UnexplainedResiduals(Eigen::VectorXd residuals,
                                     const std::vector<SeasonalValue>& of_rows) {
  for (size_t i = 0; i < of_rows.size(); ++i) {
    double& residual = residuals(static_cast<Eigen::Index>(i));
    residual = of_rows[i].Unexplained(residual);
  }
  return residuals;
}

Season FitSeason(const SeasonalHistory& history, const SeasonalityOptions& options) {
  Season season;
  season.of_rows.resize(history.times.size());
  const auto residuals_of = [&](const Season& each) -> Eigen::VectorXd {
    return UnexplainedResiduals(
        HistoryResiduals(history.values - each.values(), history.regimes, history.baseline_horizon),
        each.of_rows);
  };
  Eigen::VectorXd residuals;
  for (const Duration cycle : options.cycles) {
    const Grid grid = CutIntoBins(history.times, options.calendar, cycle);
    if (grid.bins == 0) continue;
    if (residuals.size() == 0) residuals = residuals_of(season);
    if (Autocorrelation(CellMedians(grid, residuals)) < kLeastAutocorrelation) continue;

    Eigen::MatrixXd cells = CellMedians(grid, history.values - season.values());
    SubtractLevels(cells);
    Season with = season;
    const auto added = SeasonOfRows(history, grid, cells, options.calendar, cycle);
    for (size_t i = 0; i < added.size(); ++i) Add(added[i], with.of_rows[i]);
    const Eigen::VectorXd left = residuals_of(with);
    const double clip = kClip * RobustStandardDeviation(residuals);
    if (MeanSquare(left, clip) > kLargestMeanSquare * MeanSquare(residuals, clip)) continue;
    season = std::move(with);
    season.profiles.push_back({cycle, ProfileOf(cells, VarianceOfCells(cells), -1)});
    residuals = left;
  }
  return season;
}

}  // namespace promheal::anomaly
