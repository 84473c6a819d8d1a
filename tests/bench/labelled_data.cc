#include "tests/bench/labelled_data.h"

#include <zlib.h>

#include <algorithm>
#include <charconv>
#include <numbers>
#include <numeric>
#include <stdexcept>

#include "exporter/core/forest/random.h"

namespace promheal::anomaly {
namespace {

std::string ReadWhole(const std::string& path) {
  gzFile file = gzopen(path.c_str(), "rb");
  if (file == nullptr) throw std::runtime_error("cannot open " + path);
  std::string text;
  std::vector<char> buffer(1 << 16);
  int read = 0;
  while ((read = gzread(file, buffer.data(), static_cast<unsigned>(buffer.size()))) > 0) {
    text.append(buffer.data(), static_cast<std::size_t>(read));
  }
  gzclose(file);
  if (read < 0) throw std::runtime_error("cannot read " + path);
  return text;
}

}  // namespace

LabelledData ReadLabelledData(const std::string& path) {
  const std::string text = ReadWhole(path);
  const std::size_t heading = text.find('\n');
  if (heading == std::string::npos) throw std::runtime_error(path + ": no lines");
  const auto columns =
      std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(heading), ',') + 1;
  std::vector<double> numbers;
  for (const char* at = text.data() + heading + 1; at < text.data() + text.size();) {
    double number = 0;
    const auto [end, error] = std::from_chars(at, text.data() + text.size(), number);
    if (error != std::errc()) throw std::runtime_error(path + ": not a number");
    numbers.push_back(number);
    for (at = end; at < text.data() + text.size() && (*at == ',' || *at == '\r' || *at == '\n');)
      ++at;
  }
  if (numbers.size() % static_cast<std::size_t>(columns) != 0) {
    throw std::runtime_error(path + ": lines of different lengths");
  }
  using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Eigen::Map<const RowMajor> table(
      numbers.data(), static_cast<Eigen::Index>(numbers.size()) / columns, columns);
  LabelledData data{.rows = table.leftCols(columns - 1), .labels = {}};
  for (Eigen::Index row = 0; row < table.rows(); ++row) {
    data.labels.push_back(table(row, columns - 1) != 0);
  }
  return data;
}

LabelledData NormalData(Eigen::Index rows, Eigen::Index features, std::uint64_t seed) {
  Random random(seed, 0);
  const auto normal = [&] {  // Box and Muller, 1958.
    return std::sqrt(-2 * std::log(1 - random.Unit())) *
           std::cos(2 * std::numbers::pi * random.Unit());
  };
  return {.rows = Eigen::MatrixXd::NullaryExpr(rows, features, normal), .labels = {}};
}

double AreaUnderCurve(const Eigen::VectorXd& scores, const std::vector<bool>& labels) {
  std::vector<std::size_t> order(labels.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto score = [&](std::size_t i) { return scores[static_cast<Eigen::Index>(i)]; };
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return score(a) < score(b); });
  double rank_sum = 0;  // Ranks of the anomalies; equal scores have the mean of their ranks.
  double anomalies = 0;
  for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    while (end < order.size() && score(order[end]) == score(order[begin])) ++end;
    for (std::size_t i = begin; i < end; ++i) {
      if (!labels[order[i]]) continue;
      rank_sum += static_cast<double>(begin + end + 1) / 2;
      ++anomalies;
    }
  }
  const double normals = static_cast<double>(labels.size()) - anomalies;
  return (rank_sum - anomalies * (anomalies + 1) / 2) / (anomalies * normals);
}

}  // namespace promheal::anomaly
