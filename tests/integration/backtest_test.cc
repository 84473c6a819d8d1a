#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "common/io/clock.h"
#include "common/io/file.h"
#include "common/io/http/http_client.h"
#include "tests/support/child_process.h"
#include "tests/support/fake_http_server.h"
#include "tests/support/free_port.h"
#include "tests/support/prometheus_server.h"
#include "tests/support/temp_directory.h"
#include "tests/support/tool.h"
#include "tests/support/wait.h"

// The command anomaly_exporter backtest beside a real Prometheus and the exporter itself.

namespace promheal {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using support::ChildProcess;
using support::PrometheusServer;

constexpr Duration kInterval = seconds(2);
constexpr Duration kWindow = minutes(8);

constexpr char kConfig[] = R"(
interval: 2s
evaluation_delay: 2s
features:
  - {name: rate, expr: max by (service) (shop_rate), minimum_deviation: {relative: 0.5}}
  - {name: latency, expr: max by (service) (shop_latency), direction: up, minimum_deviation: {relative: 1}}
training: {window: 8m, warm_up: 1m, baseline: 2m, accept_after: 4m, retrain_every: 10s}
)";

double Noise(Time time, int salt) {
  const auto seed = static_cast<double>(time.time_since_epoch() / seconds(1) % 100'000 + salt);
  const double chaos = std::sin(seed * 12.9898) * 43758.5453;
  return chaos - std::floor(chaos) - 0.5;
}
double RateAt(Time time) { return 20.0 + 4.0 * Noise(time, 1); }
double LatencyAt(Time time) { return 0.030 + 0.006 * Noise(time, 2); }

// What came before, as if the server on `port` had been scraped every second.
std::string History(uint16_t port, Time now) {
  std::string rates = "# TYPE shop_rate gauge\n";
  std::string latencies = "# TYPE shop_latency gauge\n";
  const std::string labels =
      fmt::format("{{service=\"orders\",job=\"shop\",instance=\"127.0.0.1:{}\"}}", port);
  for (Time time = now - kWindow - minutes(2); time < now; time += seconds(1)) {
    rates += fmt::format("shop_rate{} {} {:.0f}\n", labels, RateAt(time), ToUnixSeconds(time));
    latencies +=
        fmt::format("shop_latency{} {} {:.0f}\n", labels, LatencyAt(time), ToUnixSeconds(time));
  }
  return rates + latencies + "# EOF\n";
}

struct Scores {
  double anomaly = 0.0;
  double isolation = 0.0;

  bool operator==(const Scores&) const = default;
};

void PrintTo(const Scores& scores, std::ostream* out) {
  *out << scores.anomaly << " and " << scores.isolation;
}

class BacktestIntegrationTest : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* tool : {"prometheus", "promtool"}) {
      if (!support::FindTool(tool)) GTEST_SKIP() << support::MissingTool(tool);
    }
    directory_.Write("exporter.yml", kConfig);
    const std::string config = fmt::format(R"(
global: {{scrape_interval: 1s, scrape_timeout: 1s}}
scrape_configs:
  - job_name: shop
    static_configs: [{{targets: ["127.0.0.1:{}"], labels: {{service: orders}}}}]
)",
                                           shop_.port());
    auto started = PrometheusServer::Start(
        {.openmetrics = History(shop_.port(), AlignDown(clock_.Now(), seconds(1))),
         .config = config});
    ASSERT_TRUE(started) << started.error().message;
    prometheus_ = std::move(*started);
  }

  std::vector<std::string> Command(std::vector<std::string> flags) const {
    flags.insert(flags.end(), {"--config.file=" + directory_.PathOf("exporter.yml"),
                               "--prometheus.url=" + prometheus_->url()});
    flags.insert(flags.begin(), ANOMALY_EXPORTER);
    return flags;
  }

  std::string Metrics() const {
    const auto response = client_->Send(
        {.method = "GET", .url = fmt::format("http://127.0.0.1:{}/metrics", exporter_port_)});
    return response ? response->body : "";
  }

  static double ValueOf(const std::string& metrics, const std::string& series) {
    const size_t at = metrics.find("\n" + series + " ");
    return at == std::string::npos ? -1.0 : std::stod(metrics.substr(at + series.size() + 2));
  }

  static Scores ScoresOf(const std::string& metrics) {
    return {ValueOf(metrics, "anomaly_score{service=\"orders\"}"),
            ValueOf(metrics, "anomaly_isolation_score{service=\"orders\"}")};
  }

  // Runs the exporter while the shop is well, broken, and well again. What it exposed in turn.
  std::vector<Scores> WatchLive(ChildProcess& exporter) {
    std::vector<Scores> seen;
    const Duration start = clock_.Monotonic();
    support::WaitUntil(
        [&] {
          const Duration running = clock_.Monotonic() - start;
          broken_ = running > seconds(8) && running < seconds(14);
          const Scores now = ScoresOf(Metrics());
          if (now.anomaly >= 0.0 && (seen.empty() || !(now == seen.back()))) seen.push_back(now);
          return running > seconds(26) || !exporter.Running();
        },
        seconds(60));
    return seen;
  }

  // The exporter's first live step, from its log: the step after the history that it read.
  static Time BeganAt(const std::string& log) {
    const std::string before = "msg=\"history read\" from=";
    const size_t at = log.find(before);
    if (at == std::string::npos) return Time();
    return ParseRfc3339(log.substr(at + before.size(), 24)).value_or(Time()) + kWindow - kInterval;
  }

  // Whether some cycle did not run, as on a machine that stood still for seconds.
  static bool LeftOutCycles(const std::string& metrics, Time began) {
    const Time last =
        FromUnixSeconds(ValueOf(metrics, "anomaly_exporter_last_cycle_timestamp_seconds"));
    const auto expected = (AlignDown(last - kInterval, kInterval) - began) / kInterval + 1;
    return ValueOf(metrics, "anomaly_exporter_cycles_total") < static_cast<double>(expected);
  }

  std::vector<Scores> ScoreHistory(Time from) {
    const std::string out = directory_.PathOf("scores.csv");
    ChildProcess backtest(
        {.argv = Command({"backtest", fmt::format("--from={}", ToUnixSeconds(from)), "--to=-2s",
                          "--persist=2", "--scores-out=" + out,
                          "--report=" + directory_.PathOf("r.html")})});
    EXPECT_EQ(backtest.Wait(seconds(60)), 0) << backtest.Output();
    EXPECT_THAT(backtest.Output(), testing::HasSubstr("alerts                     1, "));
    std::istringstream lines(*ReadFile(out));
    std::vector<Scores> scores;
    std::string line;
    std::getline(lines, line);
    while (std::getline(lines, line)) {
      const size_t target = line.find(",orders,");
      const size_t isolation = line.rfind(',');
      scores.push_back({std::stod(line.substr(target + 8)), std::stod(line.substr(isolation + 1))});
    }
    return scores;
  }

  SystemClock clock_;
  support::TempDirectory directory_;
  std::atomic<bool> broken_ = false;
  support::FakeHttpServer shop_{[this](const support::FakeHttpRequest&) {
    const Time now = clock_.Now();
    return support::Reply(200,
                          fmt::format("shop_rate {}\nshop_latency {}\n", RateAt(now),
                                      LatencyAt(now) * (broken_ ? 20.0 : 1.0)),
                          "text/plain; version=0.0.4");
  }};
  uint16_t exporter_port_ = support::FreePort();
  std::unique_ptr<HttpClient> client_ = MakeCurlHttpClient({});
  std::unique_ptr<PrometheusServer> prometheus_;
};

// Several trainings and an incident lie in between.
TEST_F(BacktestIntegrationTest, LiveAndBacktestGiveTheSameScores) {
  ChildProcess exporter(
      {.argv = Command({fmt::format("--web.listen-address=127.0.0.1:{}", exporter_port_)})});
  const std::vector<Scores> live = WatchLive(exporter);
  const std::string metrics = Metrics();
  exporter.Terminate();
  const Time began = BeganAt(exporter.Output());
  ASSERT_GT(began, Time()) << exporter.Output();
  ASSERT_GE(live.size(), 10U) << exporter.Output();
  if (LeftOutCycles(metrics, began)) GTEST_SKIP() << "this machine is too busy for the test";

  const std::vector<Scores> history = ScoreHistory(began);
  auto at = history.begin();
  for (const Scores& scores : live) {
    const auto found = std::find(at, history.end(), scores);
    ASSERT_NE(found, history.end())
        << testing::PrintToString(scores) << " is not in " << testing::PrintToString(history);
    at = found;
  }
  const auto highest = std::max_element(
      live.begin(), live.end(), [](const auto& a, const auto& b) { return a.anomaly < b.anomaly; });
  EXPECT_GT(highest->anomaly, 1.0) << "the incident was seen";
}

TEST(BacktestProgramTest, SaysInOneLineWhatIsWrongWithItsFlags) {
  const support::TempDirectory directory;
  const std::string config = "--config.file=" + directory.Write("e.yml", "{}");
  const struct {
    std::vector<std::string> flags;
    std::string expected;
  } kRows[] = {
      {{"--from=yesterday"},
       "--from: 'yesterday' is not a time: expected one like 2022-08-22T08:10:00Z, Unix seconds, a "
       "duration before now like -2w, or now\n"},
      {{"--from=2000", "--to=1000"},
       "--from (1970-01-01T00:33:20Z) must lie before --to (1970-01-01T00:16:40Z)\n"},
      {{"--train-from=0"},
       "--train-from and --train-to belong together: the other flag is missing\n"},
      {{"--step=1d"}, "--step: 1d is out of range: expected a duration from 500ms to 1h\n"},
      {{"--seed=x"}, "--seed: 'x' is not a whole number of at least 0\n"},
      {{"--persist=0"}, "--persist: '0' is not a whole number of at least 1\n"},
      {{"--incidents=/nowhere/i.csv"}, "--incidents: "},
      {{"--report=/nowhere/r.html"}, "--report: "},
      {{"--scores-out=/nowhere/s.csv"}, "writing /nowhere/s.csv: No such file or directory\n"},
      {{"--web.listen-address=:1"}, "unknown flag '--web.listen-address=:1' (try --help)\n"},
      {{"--prometheus.url=http://127.0.0.1:1"}, "reading history: "},
  };
  for (const auto& row : kRows) {
    std::vector<std::string> argv = {ANOMALY_EXPORTER, "backtest", config};
    argv.insert(argv.end(), row.flags.begin(), row.flags.end());
    ChildProcess process({.argv = argv});
    EXPECT_EQ(process.Wait(seconds(20)), 1);
    EXPECT_THAT(process.Output(), testing::StartsWith(row.expected));
  }
}

}  // namespace
}  // namespace promheal
