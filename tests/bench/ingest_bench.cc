// How fast healing_webhook accepts a storm of alerts durably. It runs the real program with its own
// ledger, posts from one thread a connection, and a fake Prometheus answers every query at once.
//
//   ingest_bench build/release/bin/healing_webhook [--posts 1000] [--alerts 10] [--connections 8]
//                [--open 10000]
//
// Every alert has its own target. --open gives that many other targets an open incident first.
// Prints one JSON line a round:
//   alerts_s        alerts accepted durably a second, from the first post to the last answer
//   p50_ms p99_ms   quantiles of the time until a post is answered
//   decided_s       from the first post until every incident has its decision
//   scrape_ms       the slowest answer of /metrics meanwhile
//   rss_mib         resident memory at the end
#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "tests/bench/command_line.h"
#include "tests/support/child_process.h"
#include "tests/support/fake_http_server.h"
#include "tests/support/free_port.h"
#include "tests/support/raw_http_client.h"
#include "tests/support/temp_directory.h"
#include "tests/support/wait.h"

namespace promheal {
namespace {

using namespace std::chrono_literals;
using Stopwatch = std::chrono::steady_clock;

// Mode shadow decides as auto does, and queries Prometheus before it would act.
constexpr char kConfig[] = R"(
incidents: {collection_window: 1s}
budgets: {storm: {incidents: 100000}}
actions:
  restart:
    command: {argv: ["true"]}
policies:
  - name: crash
    mode: shadow
    match: {scenario: crash}
    ladder: [{action: restart}]
    verify:
      conditions: [{query: 'up{service="{service}"}', expect: "== 1"}]
)";

struct Load {
  std::string program;
  int posts = 1000;
  int alerts = 10;  // Alerts in a post.
  int connections = 8;
  int idle = 100;  // Connections that send half a request and wait.
  int open = 0;    // Incidents that are open before the round.
  int rounds = 3;
};

struct Figures {
  double accepting_seconds = 0;
  double decided_seconds = 0;
  double slowest_scrape_ms = 0;
  double resident_mib = 0;
  std::vector<double> answer_ms;  // Ascending.
};

double SecondsSince(Stopwatch::time_point begin) {
  return std::chrono::duration<double>(Stopwatch::now() - begin).count();
}

std::string Post(int number, int alerts) {
  std::string list;
  for (int i = 0; i < alerts; ++i) {
    list += fmt::format(
        R"({}{{"status":"firing","labels":{{"alertname":"ServiceCrash","service":"s{}","scenario":)"
        R"("crash","severity":"critical","healing":"promheal"}},"annotations":{{"summary":)"
        R"("Most slots of the service are down, so requests fail."}},"startsAt":)"
        R"("2026-01-01T00:00:00Z","endsAt":"0001-01-01T00:00:00Z","fingerprint":"{:016x}"}})",
        i == 0 ? "" : ",", number * alerts + i, number * alerts + i);
  }
  const std::string body = fmt::format(
      R"({{"version":"4","groupKey":"{{}}:{{n=\"{}\"}}","status":"firing","receiver":"promheal",)"
      R"("truncatedAlerts":0,"groupLabels":{{}},"commonLabels":{{}},"commonAnnotations":{{}},)"
      R"("externalURL":"http://alertmanager:9093","alerts":[{}]}})",
      number, list);
  return fmt::format(
      "POST /api/v1/alerts HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
      "Content-Length: {}\r\n\r\n{}",
      body.size(), body);
}

class Round {
 public:
  explicit Round(const Load& load) : load_(load) {
    const int first = load.open / load.alerts + 1;  // Open incidents have lower numbers.
    for (int i = 0; i < load.posts; ++i) posts_.push_back(Post(first + i, load.alerts));
    directory_.Write("healing.yml", kConfig);
    healer_ = std::make_unique<support::ChildProcess>(support::ChildProcessOptions{
        .argv = {load.program, "--config.file", directory_.PathOf("healing.yml"), "--storage.path",
                 directory_.PathOf("data"), "--web.allow-unauthenticated", "--web.listen-address",
                 fmt::format("127.0.0.1:{}", port_), "--prometheus.url", prometheus_.url(),
                 "--log.level", "error"}});
    const auto is_ready = [&] { return Get("/-/ready", 200).has_value(); };
    if (!support::WaitUntil(is_ready, 30s)) throw std::runtime_error(healer_->Output());
  }

  Figures Run() {
    OpenIdleConnections();
    OpenIncidents();
    Figures figures;
    std::atomic<bool> scraping = true;
    std::thread scraper([&] { figures.slowest_scrape_ms = ScrapeWhile(scraping); });
    const auto begin = Stopwatch::now();
    figures.answer_ms = PostAll();
    figures.accepting_seconds = SecondsSince(begin);
    const double expected = load_.posts * load_.alerts + load_.open;
    const auto decided = [&] {
      return Metric("healing_decisions_total{", "shadow_mode") >= expected;
    };
    const bool all = support::WaitUntil(decided, 120s);
    figures.decided_seconds = all ? SecondsSince(begin) : -1;
    scraping = false;
    scraper.join();
    figures.resident_mib = Metric("process_resident_memory_bytes", "") / 1024 / 1024;
    std::sort(figures.answer_ms.begin(), figures.answer_ms.end());
    return figures;
  }

 private:
  std::optional<support::RawHttpResponse> Get(const std::string& path, int status) const {
    try {
      auto response = support::RawHttpGet(port_, path);
      return response && response->status == status ? response : std::nullopt;
    } catch (const std::exception&) {
      return std::nullopt;  // Not listening yet.
    }
  }

  void OpenIdleConnections() {
    for (int i = 0; i < load_.idle; ++i) {
      idle_.push_back(std::make_unique<support::RawHttpClient>(port_));
      idle_.back()->Send("POST /api/v1/alerts HTTP/1.1\r\nHost: be");
    }
  }

  void OpenIncidents() const {
    support::RawHttpClient client(port_);
    for (int i = 0; i < load_.open / load_.alerts; ++i) {
      const auto response = client.Send(Post(i, load_.alerts)) ? client.Receive() : std::nullopt;
      if (!response || response->status != 200) throw std::runtime_error("opening incidents");
    }
    const double expected = load_.open;
    const auto decided = [&] {
      return Metric("healing_decisions_total{", "shadow_mode") >= expected;
    };
    if (!support::WaitUntil(decided, 120s))
      throw std::runtime_error("opening incidents: undecided");
  }

  std::vector<double> PostAll() {
    std::atomic<size_t> next = 0;
    std::vector<double> milliseconds(posts_.size());
    std::vector<std::thread> threads;
    for (int i = 0; i < load_.connections; ++i) {
      threads.emplace_back([&] { PostFrom(next, milliseconds); });
    }
    for (std::thread& thread : threads) thread.join();
    return milliseconds;
  }

  void PostFrom(std::atomic<size_t>& next, std::vector<double>& milliseconds) const {
    support::RawHttpClient client(port_);
    for (size_t i = next++; i < posts_.size(); i = next++) {
      const auto begin = Stopwatch::now();
      const bool sent = client.Send(posts_[i]);
      const auto response = sent ? client.Receive() : std::nullopt;
      if (!response || response->status != 200) {
        throw std::runtime_error(response ? response->body : "the connection was closed");
      }
      milliseconds[i] = SecondsSince(begin) * 1e3;
    }
  }

  double ScrapeWhile(const std::atomic<bool>& scraping) const {
    double slowest = 0;
    while (scraping) {
      const auto begin = Stopwatch::now();
      if (!Get("/metrics", 200)) return -1;
      slowest = std::max(slowest, SecondsSince(begin) * 1e3);
      std::this_thread::sleep_for(100ms);
    }
    return slowest;
  }

  // Value of the first line of /metrics that starts with `prefix` and contains `part`, else 0.
  double Metric(const std::string& prefix, const std::string& part) const {
    const auto response = Get("/metrics", 200);
    if (!response) return 0;
    std::istringstream lines(response->body);
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with(prefix) && line.find(part) != std::string::npos) {
        return std::stod(line.substr(line.rfind(' ')));
      }
    }
    return 0;
  }

  const Load load_;
  std::vector<std::string> posts_;
  support::TempDirectory directory_;
  support::FakeHttpServer prometheus_{[](const support::FakeHttpRequest&) {
    return support::Reply(200, R"({"status":"success","data":{"resultType":"vector","result":)"
                               R"([{"metric":{},"value":[1,"0"]}]}})");
  }};
  const uint16_t port_ = support::FreePort();
  std::unique_ptr<support::ChildProcess> healer_;
  std::vector<std::unique_ptr<support::RawHttpClient>> idle_;
};

void Print(const Load& load, const Figures& figures) {
  const auto quantile = [&](double share) {
    const auto last = static_cast<double>(figures.answer_ms.size() - 1);
    return figures.answer_ms[static_cast<size_t>(share * last)];
  };
  fmt::print(
      R"({{"posts":{},"alerts":{},"connections":{},"idle":{},"open":{},"alerts_s":{:.0f},"p50_ms":{:.1f},)"
      R"("p99_ms":{:.1f},"max_ms":{:.1f},"decided_s":{:.2f},"scrape_ms":{:.1f},"rss_mib":{:.0f}}})"
      "\n",
      load.posts, load.posts * load.alerts, load.connections, load.idle, load.open,
      load.posts * load.alerts / figures.accepting_seconds, quantile(0.5), quantile(0.99),
      quantile(1), figures.decided_seconds, figures.slowest_scrape_ms, figures.resident_mib);
  std::fflush(stdout);
}

// nullopt if the benchmark is to run, else its exit status.
std::optional<int> ReadLoad(int argc, const char* const* argv, Load& load) {
  using bench::AtLeast;
  using bench::options::value;
  bench::options::options_description flags;
  flags.add_options()("program", value(&load.program)->required(), "Path of healing_webhook.")(
      "posts", AtLeast(1, "posts", &load.posts), "Deliveries.")(
      "alerts", AtLeast(1, "alerts", &load.alerts), "Alerts a delivery.")(
      "connections", AtLeast(1, "connections", &load.connections), "Connections that post.")(
      "idle", AtLeast(0, "idle", &load.idle), "Connections that send half a request and wait.")(
      "open", AtLeast(0, "open", &load.open),
      "Incidents that are open before it begins, a multiple of --alerts.")(
      "rounds", AtLeast(1, "rounds", &load.rounds), "Rounds, each with a program newly started.");
  bench::options::positional_options_description words;
  words.add("program", 1);
  return bench::ReadCommandLine(argc, argv, "ingest_bench HEALING_WEBHOOK [--FLAG=VALUE]...", flags,
                                words);
}

}  // namespace
}  // namespace promheal

int main(int argc, char** argv) {
  promheal::Load load;
  if (const auto status = promheal::ReadLoad(argc, argv, load)) return *status;
  try {
    for (int round = 0; round < load.rounds; ++round) {
      promheal::Print(load, promheal::Round(load).Run());
    }
  } catch (const std::exception& error) {
    std::cerr << "ingest_bench: " << error.what() << "\n";
    return 1;
  }
}
