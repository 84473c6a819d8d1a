#include "services/shop/shop_metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <set>

#include "common/io/prometheus/exposition.h"

namespace promheal::shop {
namespace {

using prometheus::MetricFamily;
using prometheus::MetricType;
template <typename T>
using Family = prometheus::Family<T>;

constexpr Outcome kOutcomes[] = {Outcome::kSuccess, Outcome::kError, Outcome::kTimeout};
constexpr LogLevel kLevels[] = {LogLevel::kDebug, LogLevel::kInfo, LogLevel::kWarn,
                                LogLevel::kError};

std::string_view LevelName(LogLevel level) {
  constexpr std::string_view kNames[] = {"debug", "info", "warn", "error"};
  return kNames[static_cast<size_t>(level)];
}

double Seconds(std::chrono::nanoseconds duration) {
  return std::chrono::duration<double>(duration).count();
}

// Reads the pool at each scrape.
class WorkerPoolCollector final : public prometheus::Collectable {
 public:
  explicit WorkerPoolCollector(const WorkerPool& workers) : workers_(workers) {}

  std::vector<MetricFamily> Collect() const override {
    const WorkerPool::Usage usage = workers_.usage();
    return {Gauge("http_workers_limit", "Workers, which serve one request at a time each.",
                  usage.limit),
            Gauge("http_workers_busy", "Workers that serve a request or are stuck.", usage.busy),
            Gauge("http_requests_queued", "Requests that wait for a worker.", usage.queued)};
  }

 private:
  static MetricFamily Gauge(std::string name, std::string help, size_t value) {
    prometheus::ClientMetric metric;
    metric.gauge.value = static_cast<double>(value);
    return {std::move(name), std::move(help), MetricType::Gauge, {std::move(metric)}};
  }

  const WorkerPool& workers_;
};

class CountingLogger final : public Logger {
 public:
  CountingLogger(Logger& next, LogLevel least, ShopMetrics& metrics)
      : next_(next), least_(least), metrics_(metrics) {}

 protected:
  void Write(LogLevel level, std::string_view msg,
             std::initializer_list<LogField> fields) override {
    if (level >= least_) metrics_.CountLogMessage(level);
    switch (level) {
      case LogLevel::kDebug:
        return next_.Debug(msg, fields);
      case LogLevel::kInfo:
        return next_.Info(msg, fields);
      case LogLevel::kWarn:
        return next_.Warn(msg, fields);
      case LogLevel::kError:
        return next_.Error(msg, fields);
    }
  }

 private:
  Logger& next_;
  const LogLevel least_;
  ShopMetrics& metrics_;
};

template <typename T>
Family<T>& Register(prometheus::detail::Builder<T> builder, const std::string& name,
                    const std::string& help, prometheus::Registry* registry) {
  return builder.Name(name).Help(help).Register(*registry);
}

}  // namespace

struct ShopMetrics::Impl {
  Impl(const ShopDescription& shop, const WorkerPool& pool)
      : caller(shop.name),
        registry(std::make_shared<prometheus::Registry>()),
        workers(std::make_shared<WorkerPoolCollector>(pool)) {}

  template <typename T>
  Family<T>& Add(prometheus::detail::Builder<T> builder, const char* name, const char* help) {
    return Register(std::move(builder), name, help, registry.get());
  }

  const std::string caller;
  std::set<std::string> traffic_paths = {"/"};
  std::shared_ptr<prometheus::Registry> registry;
  std::shared_ptr<prometheus::Collectable> workers;

  Family<prometheus::Counter>& requests =
      Add(prometheus::BuildCounter(), "http_requests_total",
          "Requests answered, without /health, /metrics and /fault.");
  Family<prometheus::Histogram>& request_duration =
      Add(prometheus::BuildHistogram(), "http_request_duration_seconds",
          "Time to answer a request, waiting for a worker included.");
  prometheus::Gauge& in_flight =
      Add(prometheus::BuildGauge(), "http_requests_in_flight", "Requests being served or waiting.")
          .Add({});
  prometheus::Counter& received_bytes = Add(prometheus::BuildCounter(), "http_received_bytes_total",
                                            "Bytes of requests, headers included.")
                                            .Add({});
  prometheus::Counter& sent_bytes = Add(prometheus::BuildCounter(), "http_sent_bytes_total",
                                        "Bytes of responses, headers included.")
                                        .Add({});
  Family<prometheus::Counter>& calls =
      Add(prometheus::BuildCounter(), "dependency_requests_total",
          "Requests to other services, by their outcome for the caller.");
  Family<prometheus::Histogram>& call_duration =
      Add(prometheus::BuildHistogram(), "dependency_request_duration_seconds",
          "Time until another service answered or the caller gave up.");
  Family<prometheus::Counter>& log_messages =
      Add(prometheus::BuildCounter(), "log_messages_total", "Log messages written.");
};

std::string_view ToString(Outcome outcome) {
  constexpr std::string_view kNames[] = {"success", "error", "timeout"};
  return kNames[static_cast<size_t>(outcome)];
}

std::vector<double> LatencyBuckets() {
  return {0.001, 0.0025, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.025, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1,
          0.15,  0.2,    0.25,  0.3,    0.4,  0.5,   0.75, 1,     1.5,  2,    3,    5,    7.5,  10};
}

ShopMetrics::ShopMetrics(const ShopDescription& shop, const WorkerPool& workers,
                         ResourceLimits limits)
    : impl_(std::make_unique<Impl>(shop, workers)) {
  if (limits.memory_bytes > 0) {
    impl_
        ->Add(prometheus::BuildGauge(), "process_memory_limit_bytes",
              "Resident memory at which the process ends.")
        .Add({})
        .Set(static_cast<double>(limits.memory_bytes));
  }
  if (limits.cpu_cores > 0) {
    impl_
        ->Add(prometheus::BuildGauge(), "process_cpu_limit_cores", "Limit of the process in cores.")
        .Add({})
        .Set(limits.cpu_cores);
  }
  for (const ShopRoute& route : shop.routes) {
    impl_->traffic_paths.insert(route.path);
    for (const char* code : {"200", "500", "503"}) {
      impl_->requests.Add({{"method", route.method}, {"route", route.path}, {"code", code}});
    }
    impl_->request_duration.Add({{"method", route.method}, {"route", route.path}},
                                LatencyBuckets());
    for (const Call& call : route.calls) {
      for (const Outcome outcome : kOutcomes) {
        impl_->calls.Add({{"caller", shop.name},
                          {"callee", call.callee},
                          {"outcome", std::string(ToString(outcome))}});
      }
      impl_->call_duration.Add({{"caller", shop.name}, {"callee", call.callee}}, LatencyBuckets());
    }
  }
  for (const LogLevel level : kLevels) {
    impl_->log_messages.Add({{"level", std::string(LevelName(level))}});
  }
}

ShopMetrics::~ShopMetrics() = default;

ShopMetrics::InFlight::InFlight(ShopMetrics* metrics) : metrics_(metrics) {
  metrics_->impl_->in_flight.Increment();
}

ShopMetrics::InFlight::~InFlight() { metrics_->impl_->in_flight.Decrement(); }

void ShopMetrics::ObserveRequest(const HttpExchange& exchange) {
  if (!exchange.route.empty() && !impl_->traffic_paths.contains(exchange.route)) return;
  const std::string route = exchange.route.empty() ? "other" : exchange.route;
  impl_->requests
      .Add({{"method", exchange.method},
            {"route", route},
            {"code", std::to_string(exchange.status)}})
      .Increment();
  impl_->request_duration.Add({{"method", exchange.method}, {"route", route}}, LatencyBuckets())
      .Observe(Seconds(exchange.duration));
  impl_->received_bytes.Increment(static_cast<double>(exchange.received_bytes));
  impl_->sent_bytes.Increment(static_cast<double>(exchange.sent_bytes));
}

void ShopMetrics::ObserveCall(std::string_view callee, Outcome outcome,
                              std::chrono::nanoseconds duration) {
  const std::string callee_name(callee);
  impl_->calls
      .Add({{"caller", impl_->caller},
            {"callee", callee_name},
            {"outcome", std::string(ToString(outcome))}})
      .Increment();
  impl_->call_duration.Add({{"caller", impl_->caller}, {"callee", callee_name}}, LatencyBuckets())
      .Observe(Seconds(duration));
}

void ShopMetrics::CountLogMessage(LogLevel level) {
  impl_->log_messages.Add({{"level", std::string(LevelName(level))}}).Increment();
}

std::vector<std::shared_ptr<prometheus::Collectable>> ShopMetrics::sources() const {
  return {impl_->registry, impl_->workers, MakeProcessCollector(), MakeBuildInfoCollector("shop")};
}

std::unique_ptr<Logger> MakeCountingLogger(Logger& next, LogLevel least, ShopMetrics& metrics) {
  return std::make_unique<CountingLogger>(next, least, metrics);
}

}  // namespace promheal::shop
