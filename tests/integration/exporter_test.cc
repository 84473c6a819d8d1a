#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <csignal>
#include <memory>
#include <string>

#include "common/io/clock.h"
#include "common/io/http/http_client.h"
#include "common/io/prometheus/prometheus_api.h"
#include "tests/support/child_process.h"
#include "tests/support/fake_http_server.h"
#include "tests/support/free_port.h"
#include "tests/support/prometheus_server.h"
#include "tests/support/promtool.h"
#include "tests/support/temp_directory.h"
#include "tests/support/tool.h"
#include "tests/support/wait.h"

// The program anomaly_exporter beside a real Prometheus that it reads from and that scrapes it.

namespace promheal {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using support::ChildProcess;
using support::PrometheusServer;
using testing::HasSubstr;
using testing::Not;

constexpr Duration kInterval = seconds(1);
constexpr Duration kHistory = minutes(10);

// What the one service `orders` shows at a time: some noise, the same whenever it is asked.
struct Shown {
  double rate;
  double errors;
  double latency;
};
Shown At(Time time, bool broken) {
  const auto noise = [&](int salt) {
    const auto seed = static_cast<double>(time.time_since_epoch() / kInterval % 100'000 + salt);
    const double chaos = std::sin(seed * 12.9898) * 43758.5453;
    return chaos - std::floor(chaos) - 0.5;
  };
  return {20.0 + 4.0 * noise(1), broken ? 0.5 : 0.0, 0.030 + 0.006 * noise(2)};
}

// What a scrape of the service reads.
std::string Exposition(const Shown& shown) {
  return fmt::format("shop_rate {}\nshop_errors {}\nshop_latency {}\n", shown.rate, shown.errors,
                     shown.latency);
}

// The last ten minutes, as if the server on `port` had been scraped.
std::string History(uint16_t port, Time now) {
  std::string lines[3];
  for (Time time = now - kHistory; time < now; time += kInterval) {
    const Shown shown = At(time, false);
    const std::string labels =
        fmt::format("service=\"orders\",job=\"shop\",instance=\"127.0.0.1:{}\"", port);
    const double values[] = {shown.rate, shown.errors, shown.latency};
    const char* names[] = {"shop_rate", "shop_errors", "shop_latency"};
    for (int i = 0; i < 3; ++i) {
      lines[i] +=
          fmt::format("{}{{{}}} {} {:.3f}\n", names[i], labels, values[i], ToUnixSeconds(time));
    }
  }
  return "# TYPE shop_rate gauge\n" + lines[0] + "# TYPE shop_errors gauge\n" + lines[1] +
         "# TYPE shop_latency gauge\n" + lines[2] + "# EOF\n";
}

constexpr char kExporterConfig[] = R"(
interval: 1s
evaluation_delay: 1s
replica: {0}
prometheus: {{timeout: 1s}}
features:
  - {{name: rate, expr: max by (service) (shop_rate), minimum_deviation: {{relative: 0.5}}}}
  - {{name: errors, expr: max by (service) (shop_errors), direction: up, minimum_deviation: {{absolute: 0.05}}}}
  - {{name: latency, expr: max by (service) (shop_latency), direction: up, minimum_deviation: {{relative: 1}}}}
traffic_feature: rate
impact: [max by (service) (shop_errors)]
training: {{window: 10m, warm_up: 1m, baseline: 2m, accept_after: 5m, retrain_every: 5m}}
)";

class Exporter {
 public:
  explicit Exporter(const std::string& replica) : replica_(replica) {
    directory_.Write("exporter.yml", fmt::format(kExporterConfig, replica));
  }

  void Start(const std::string& prometheus_url) {
    process_ = std::make_unique<ChildProcess>(support::ChildProcessOptions{
        .argv = {ANOMALY_EXPORTER, "--config.file=" + directory_.PathOf("exporter.yml"),
                 "--prometheus.url=" + prometheus_url,
                 fmt::format("--web.listen-address=127.0.0.1:{}", port_),
                 "--storage.path=" + directory_.PathOf("models"), "--web.enable-lifecycle"}});
  }

  // The body of a page, "" while it does not answer.
  std::string Page(const std::string& path, const std::string& method = "GET") const {
    const auto response =
        client_->Send({.method = method, .url = fmt::format("http://127.0.0.1:{}{}", port_, path)});
    return response ? response->body : "";
  }
  std::string Metrics() const { return Page("/metrics"); }

  // The score of orders; negative where there is none.
  double Score() const {
    const std::string metrics = Metrics();
    const std::string series =
        fmt::format("\nanomaly_score{{replica=\"{}\",service=\"orders\"}} ", replica_);
    const size_t at = metrics.find(series);
    return at == std::string::npos ? -1.0 : std::stod(metrics.substr(at + series.size()));
  }

  void WriteConfig(const std::string& text) const { directory_.Write("exporter.yml", text); }
  uint16_t port() const { return port_; }
  ChildProcess& process() { return *process_; }

 private:
  std::string replica_;
  support::TempDirectory directory_;
  uint16_t port_ = support::FreePort();
  std::unique_ptr<HttpClient> client_ = MakeCurlHttpClient({});
  std::unique_ptr<ChildProcess> process_;
};

class ExporterIntegrationTest : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* tool : {"prometheus", "promtool"}) {
      if (!support::FindTool(tool)) GTEST_SKIP() << support::MissingTool(tool);
    }
    auto started = PrometheusServer::Start(
        {.openmetrics = History(shop_.port(), AlignDown(clock_.Now(), kInterval)),
         .config = PrometheusConfig()});
    ASSERT_TRUE(started) << started.error().message;
    prometheus_ = std::move(*started);
    api_ = std::make_unique<HttpPrometheusApi>(PrometheusApiOptions{.url = prometheus_->url()});
    a_.Start(prometheus_->url());
    b_.Start(prometheus_->url());
  }

  std::string PrometheusConfig() const {
    return fmt::format(R"(
global: {{scrape_interval: 1s, scrape_timeout: 1s}}
scrape_configs:
  - job_name: shop
    static_configs: [{{targets: ["127.0.0.1:{}"], labels: {{service: orders}}}}]
  - job_name: anomaly_exporter
    honor_labels: true
    static_configs: [{{targets: ["127.0.0.1:{}", "127.0.0.1:{}"]}}]
)",
                       shop_.port(), a_.port(), b_.port());
  }

  // How many samples an instant query has now.
  size_t Count(const std::string& query) {
    const auto result = api_->Query(query, clock_.Now());
    return result ? result->samples.size() : 0;
  }

  static bool Soon(const std::function<bool()>& condition) {
    return support::WaitUntil(condition, seconds(20));
  }

  SystemClock clock_;
  std::atomic<bool> broken_ = false;
  support::FakeHttpServer shop_{[this](const support::FakeHttpRequest&) {
    return support::Reply(200, Exposition(At(clock_.Now(), broken_)), "text/plain; version=0.0.4");
  }};
  Exporter a_{"a"};
  Exporter b_{"b"};
  std::unique_ptr<PrometheusServer> prometheus_;
  std::unique_ptr<HttpPrometheusApi> api_;
};

TEST_F(ExporterIntegrationTest, ScoresAtOnceFromHistoryAndReplicasStayApart) {
  ASSERT_TRUE(Soon([&] { return a_.Score() >= 0.0 && b_.Score() >= 0.0; }))
      << a_.process().Output();
  EXPECT_LT(a_.Score(), 1.0);
  EXPECT_THAT(a_.process().Output(), HasSubstr("msg=\"history read\""));
  EXPECT_TRUE(Soon([&] { return Count("anomaly_score{service=\"orders\"}") == 2; }));
  EXPECT_EQ(Count("anomaly_score{service=\"orders\",replica=\"a\"}"), 1U);
  EXPECT_EQ(Count("max without (replica, instance, job) (anomaly_score)"), 1U);
  EXPECT_EQ(Count("anomaly_score{exported_service!=\"\"}"), 0U);
  EXPECT_EQ(support::CheckMetrics(a_.Metrics()), "");

  broken_ = true;
  EXPECT_TRUE(Soon([&] { return a_.Score() > 1.0; }));
  EXPECT_THAT(a_.Metrics(), HasSubstr("anomaly_feature_deviation{feature=\"errors\""));
  EXPECT_THAT(a_.Page("/"), HasSubstr("errors 0.5, expected 0 "));
}

TEST_F(ExporterIntegrationTest, ACrashIsFollowedByAScoreWithinOneInterval) {
  ASSERT_TRUE(Soon([&] { return a_.Score() >= 0.0; })) << a_.process().Output();
  a_.process().Kill();
  EXPECT_TRUE(Soon([&] { return Count("anomaly_score{replica=\"a\"}") == 0; }))
      << "a vanished target vanishes";
  const Duration start = clock_.Monotonic();
  a_.Start(prometheus_->url());
  ASSERT_TRUE(Soon([&] { return a_.Score() >= 0.0; })) << a_.process().Output();
  EXPECT_LT(clock_.Monotonic() - start, 2 * kInterval) << "the interval, and a process to start";
  EXPECT_THAT(a_.process().Output(), HasSubstr("msg=\"models restored\" targets=1"));
  EXPECT_THAT(a_.process().Output(), Not(HasSubstr("msg=\"model trained\"")));
}

TEST_F(ExporterIntegrationTest, OutlivesPrometheus) {
  ASSERT_TRUE(Soon([&] { return a_.Score() >= 0.0; })) << a_.process().Output();
  prometheus_->process().Kill();
  EXPECT_TRUE(Soon([&] { return a_.Score() < 0.0; })) << "no score rather than an old one";
  EXPECT_THAT(a_.Metrics(), HasSubstr("\nanomaly_exporter_prometheus_up 0\n"));
  EXPECT_THAT(a_.Page("/-/ready"), HasSubstr("Prometheus does not answer"));
  EXPECT_EQ(a_.Page("/-/healthy"), "healthy\n");
  ASSERT_TRUE(prometheus_->Restart());
  EXPECT_TRUE(Soon([&] { return a_.Score() >= 0.0; })) << a_.process().Output();
  EXPECT_THAT(a_.Metrics(), HasSubstr("\nanomaly_exporter_prometheus_up 1\n"));
}

TEST_F(ExporterIntegrationTest, ReloadsItsConfigurationOrKeepsTheOldOne) {
  ASSERT_TRUE(Soon([&] { return a_.Score() >= 0.0; })) << a_.process().Output();
  a_.WriteConfig("interval: soon\nreplika: x\n");
  const std::string refused = a_.Page("/-/reload", "POST");
  EXPECT_THAT(refused, HasSubstr("exporter.yml:1:11: interval: 'soon' is not a duration"));
  EXPECT_THAT(refused, HasSubstr("exporter.yml:2:1: unknown key 'replika'"));
  EXPECT_TRUE(Soon([&] { return a_.Score() >= 0.0; }));
  EXPECT_THAT(a_.Metrics(), HasSubstr("\nanomaly_exporter_config_last_reload_successful 0\n"));

  a_.WriteConfig(fmt::format(kExporterConfig, "a") + "alert_budget: 3\n");
  a_.process().Signal(SIGHUP);
  EXPECT_TRUE(Soon([&] {
    return a_.Metrics().find("\nanomaly_exporter_config_last_reload_successful 1\n") !=
           std::string::npos;
  }));
  EXPECT_THAT(a_.Page("/config"), HasSubstr("alert_budget: 3\n"));
  EXPECT_THAT(a_.process().Output(), Not(HasSubstr("msg=\"history could not be read\"")));
  EXPECT_EQ(a_.process().Terminate(), 0) << a_.process().Output();
}

TEST(ExporterProgramTest, TellsAllThatIsWrongWithItsConfigurationAndExits) {
  const support::TempDirectory directory;
  const std::string path = directory.Write("e.yml", "interval: 0s\nfeatures: [{name: a b}]\n");
  for (const char* flag : {"--config.check", "--log.level=info"}) {
    ChildProcess process({.argv = {ANOMALY_EXPORTER, "--config.file=" + path, flag}});
    EXPECT_EQ(process.Wait(seconds(20)), 1);
    EXPECT_EQ(
        process.Output(),
        fmt::format("{0}:1:11: interval: 0s is too small: expected a duration from 500ms to 1h\n"
                    "{0}:2:12: missing key 'expr': expected text\n"
                    "{0}:2:19: name: 'a b' is not a feature's name: expected letters, digits "
                    "and _\n",
                    path));
  }
}

TEST(ExporterProgramTest, ApprovesOfAGoodConfiguration) {
  const support::TempDirectory directory;
  ChildProcess process(
      {.argv = {ANOMALY_EXPORTER, "--config.file=" + directory.Write("e.yml", "{}"),
                "--config.check"}});
  EXPECT_EQ(process.Wait(seconds(20)), 0);
  EXPECT_EQ(process.Output(),
            "OK: 4 features of targets by service, every 15 s, from http://localhost:9090\n");
}

}  // namespace
}  // namespace promheal
