// Measures speed and quality of the isolation forest. Prints a JSON line for each kernel. See
// --help.
#include <fmt/core.h>

#include <Eigen/Core>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "exporter/core/forest/isolation_forest.h"
#include "exporter/core/forest/random.h"
#include "tests/bench/command_line.h"
#include "tests/bench/labelled_data.h"

namespace promheal::anomaly {
namespace {

struct Settings {
  std::string data;
  std::string write_data;
  std::string kernel = "all";
  int rows = 100'000;
  int features = 8;
  int threads = 1;
  int rounds = 5;
  int cold_forests = 10'000;
  ForestOptions forest;
};

double SecondsOf(const auto& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

double Median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

IsolationForest FitOrDie(const Samples& rows, const ForestOptions& options) {
  Result<IsolationForest> forest = IsolationForest::Fit(rows, options);
  if (!forest) {
    fmt::print(stderr, "forest_bench: {}\n", forest.error().message);
    std::exit(1);
  }
  return *std::move(forest);
}

void ScoreAll(const IsolationForest& forest, const Eigen::MatrixXd& rows, const ScoreKernel& kernel,
              int threads, Eigen::VectorXd& scores) {
  std::vector<std::jthread> workers;
  const Eigen::Index share = rows.rows() / threads;
  for (int i = 0; i < threads; ++i) {
    const Eigen::Index first = i * share;
    const Eigen::Index count = i + 1 == threads ? rows.rows() - first : share;
    const auto work = [&, first, count] {
      forest.ScoreBatch(rows.middleRows(first, count), kernel, scores.segment(first, count));
    };
    if (i + 1 == threads) {
      work();
    } else {
      workers.emplace_back(work);
    }
  }
}

// Copies of a few kinds of forests, so many that they fit into no cache.
std::vector<IsolationForest> ColdForests(const Eigen::MatrixXd& rows, const Settings& settings) {
  constexpr int kKinds = 50;
  std::vector<IsolationForest> kinds;
  for (int i = 0; i < std::min(kKinds, settings.cold_forests); ++i) {
    ForestOptions options = settings.forest;
    options.seed += static_cast<std::uint64_t>(i) + 1;
    kinds.push_back(FitOrDie(rows, options));
  }
  std::vector<IsolationForest> forests;
  forests.reserve(static_cast<std::size_t>(settings.cold_forests));
  for (int i = 0; i < settings.cold_forests; ++i) {
    forests.push_back(kinds[static_cast<std::size_t>(i) % kinds.size()]);
  }
  return forests;
}

struct Timing {
  std::vector<double> batch;
  std::vector<double> single;
  std::vector<double> explain;
  std::vector<double> cold;
};

void MeasureRound(const IsolationForest& forest, const Eigen::MatrixXd& rows,
                  const std::vector<IsolationForest>& cold, const ScoreKernel& kernel,
                  const Settings& settings, Timing& timing, Eigen::VectorXd& scores) {
  double sink = 0;
  timing.batch.push_back(
      SecondsOf([&] { ScoreAll(forest, rows, kernel, settings.threads, scores); }));
  // Measures both in small parts that alternate, so that other work on the machine affects both
  // alike.
  constexpr Eigen::Index kPart = 50;
  for (Eigen::Index first = 0; first + kPart <= std::min<Eigen::Index>(rows.rows(), 4000);
       first += kPart) {
    timing.single.push_back(SecondsOf([&] {
                              for (Eigen::Index r = first; r < first + kPart; ++r)
                                sink += forest.Score(rows.row(r), kernel);
                            }) /
                            kPart);
    timing.explain.push_back(SecondsOf([&] {
                               for (Eigen::Index r = first; r < first + kPart; ++r) {
                                 sink += forest.Explain(rows.row(r), kernel).baseline;
                               }
                             }) /
                             kPart);
  }
  if (!cold.empty()) {
    timing.cold.push_back(SecondsOf([&] {
                            for (std::size_t i = 0; i < cold.size(); ++i) {
                              sink += cold[i].Score(
                                  rows.row(static_cast<Eigen::Index>(i) % rows.rows()), kernel);
                            }
                          }) /
                          static_cast<double>(cold.size()));
  }
  if (sink == 0) fmt::print(stderr, "no scores\n");
}

void Run(const Settings& settings) {
  LabelledData data = settings.data.empty()
                          ? NormalData(settings.rows, settings.features, settings.forest.seed)
                          : ReadLabelledData(settings.data);
  if (!settings.write_data.empty()) {
    std::ofstream(settings.write_data, std::ios::binary)
        .write(reinterpret_cast<const char*>(data.rows.data()),
               static_cast<std::streamsize>(sizeof(double)) * data.rows.size());
  }
  const IsolationForest forest = FitOrDie(data.rows, settings.forest);
  const std::vector<IsolationForest> cold = ColdForests(data.rows, settings);

  std::vector<const ScoreKernel*> kernels;
  for (const ScoreKernel* kernel : {&Avx512Kernel(), &Avx2Kernel(), &ScalarKernel()}) {
    const bool wanted = settings.kernel == "all" || settings.kernel == kernel->name;
    if (wanted && kernel->supported) kernels.push_back(kernel);
  }
  std::vector<Timing> timings(kernels.size());
  std::vector<double> fit;
  Eigen::VectorXd scores(data.rows.rows());
  for (int round = -1; round < settings.rounds; ++round) {
    if (round == 0) {  // Round -1 only warmed up memory.
      fit.clear();
      std::fill(timings.begin(), timings.end(), Timing());
    }
    fit.push_back(SecondsOf([&] { FitOrDie(data.rows, settings.forest); }));
    for (std::size_t i = 0; i < kernels.size(); ++i) {
      MeasureRound(forest, data.rows, cold, *kernels[i], settings, timings[i], scores);
    }
  }
  for (std::size_t i = 0; i < kernels.size(); ++i) {
    const Timing& timing = timings[i];
    fmt::print(
        R"({{"impl":"promheal","kernel":"{}","rows":{},"features":{},"threads":{},"fit_ms":{:.3f},)"
        R"("rows_s":{:.0f},"single_us":{:.3f},"explain_us":{:.3f},"cold_us":{:.3f},"auc":{},)"
        R"("bytes_per_forest":{}}})"
        "\n",
        kernels[i]->name, data.rows.rows(), data.rows.cols(), settings.threads, Median(fit) * 1e3,
        static_cast<double>(data.rows.rows()) / Median(timing.batch), Median(timing.single) * 1e6,
        Median(timing.explain) * 1e6, timing.cold.empty() ? 0 : Median(timing.cold) * 1e6,
        data.labels.empty() ? "null" : fmt::format("{:.4f}", AreaUnderCurve(scores, data.labels)),
        forest.SizeInBytes());
  }
}

// nullopt if the benchmark is to run, else its exit status.
std::optional<int> ReadSettings(int argc, const char* const* argv, Settings& settings) {
  using bench::AtLeast;
  using bench::options::value;
  bench::options::options_description flags;
  flags.add_options()("data", value(&settings.data),
                      "x0,...,label CSV, also gzipped; without it, normal data.")(
      "write-data", value(&settings.write_data),
      "Write the rows as float64, column after column, for another program to score.")(
      "rows", AtLeast(1, "rows", &settings.rows), "Rows of normal data.")(
      "features", AtLeast(1, "features", &settings.features), "Features of normal data.")(
      "trees", AtLeast(1u, "trees", &settings.forest.trees), "Trees of a forest.")(
      "subsample", AtLeast(1u, "subsample", &settings.forest.subsample), "Samples of a tree.")(
      "seed", value(&settings.forest.seed)->default_value(0), "Seed of data and forests.")(
      "threads", AtLeast(1, "threads", &settings.threads), "They share the rows of a batch.")(
      "kernel",
      value(&settings.kernel)->default_value("all")->notifier([](const std::string& kernel) {
        if (kernel != "all" && kernel != "avx512" && kernel != "avx2" && kernel != "scalar") {
          throw bench::options::error(fmt::format("--kernel: there is no kernel '{}'", kernel));
        }
      }),
      "avx512, avx2, scalar or all.")("rounds", AtLeast(1, "rounds", &settings.rounds),
                                      "Measurements to take the medians of.")(
      "cold-forests", AtLeast(0, "cold-forests", &settings.cold_forests),
      "Forests that are in no cache; 0 leaves them out.");
  return bench::ReadCommandLine(
      argc, argv,
      "forest_bench [--FLAG=VALUE]...\n\n"
      "Measures fitting, batches, a hot row, its explanation, and a row each for many\n"
      "forests that are in no cache; medians over rounds.",
      flags);
}

}  // namespace
}  // namespace promheal::anomaly

int main(int argc, char** argv) {
  promheal::anomaly::Settings settings;
  if (const auto status = promheal::anomaly::ReadSettings(argc, argv, settings)) return *status;
  try {
    promheal::anomaly::Run(settings);
  } catch (const std::exception& error) {
    fmt::print(stderr, "forest_bench: {}\n", error.what());
    return 1;
  }
  return 0;
}
