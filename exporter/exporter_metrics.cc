#include "exporter/exporter_metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <mutex>
#include <string>

namespace promheal::anomaly {
namespace {

prometheus::Family<prometheus::Counter>& Counters(prometheus::Registry& registry,
                                                  const std::string& name,
                                                  const std::string& help) {
  return prometheus::BuildCounter().Name("anomaly_exporter_" + name).Help(help).Register(registry);
}

prometheus::Counter& Counter(prometheus::Registry& registry, const std::string& name,
                             const std::string& help) {
  return Counters(registry, name, help).Add({});
}

prometheus::Gauge& Gauge(prometheus::Registry& registry, const std::string& name,
                         const std::string& help) {
  return prometheus::BuildGauge()
      .Name("anomaly_exporter_" + name)
      .Help(help)
      .Register(registry)
      .Add({});
}

}  // namespace

struct ExporterMetrics::Impl {
  std::shared_ptr<prometheus::Registry> registry_owner = std::make_shared<prometheus::Registry>();
  prometheus::Registry& registry = *registry_owner;

  prometheus::Counter& cycles = Counter(registry, "cycles_total", "Scoring cycles run.");
  prometheus::Family<prometheus::Counter>& cycle_failures =
      Counters(registry, "cycle_failures_total",
               "Scoring cycles in which at least one query failed for this reason. The features of "
               "failed queries are missing from that cycle's scores.");
  prometheus::Gauge& cycle_duration =
      Gauge(registry, "cycle_duration_seconds", "How long the last scoring cycle took.");
  prometheus::Gauge& last_cycle = Gauge(registry, "last_cycle_timestamp_seconds",
                                        "When the last scoring cycle ended, as Unix time.");
  prometheus::Gauge& last_success =
      Gauge(registry, "last_success_timestamp_seconds",
            "When the last scoring cycle in which no query failed ended, as Unix time.");
  prometheus::Gauge& up =
      Gauge(registry, "prometheus_up", "Whether Prometheus answered any query of the last cycle.");
  prometheus::Gauge& targets = Gauge(registry, "targets", "Targets seen by the last cycle.");
  prometheus::Family<prometheus::Counter>& dropped = Counters(
      registry, "dropped_total",
      "Samples and targets that cycles could not use: samples without the target labels "
      "(unlabelled), features for which a target had several series (ambiguous), targets beyond "
      "max_targets (over_limit).");
  prometheus::Counter& unlabelled = dropped.Add({{"reason", "unlabelled"}});
  prometheus::Counter& ambiguous = dropped.Add({{"reason", "ambiguous"}});
  prometheus::Counter& over_limit = dropped.Add({{"reason", "over_limit"}});

  prometheus::Counter& queries =
      Counter(registry, "prometheus_queries_total", "Requests sent to Prometheus.");
  prometheus::Counter& query_failures =
      Counter(registry, "prometheus_query_failures_total", "Requests to Prometheus that failed.");
  prometheus::Counter& query_samples =
      Counter(registry, "prometheus_query_samples_total", "Samples received from Prometheus.");
  prometheus::Counter& query_seconds =
      Counter(registry, "prometheus_query_seconds_total", "Time spent waiting for Prometheus.");
  prometheus::Counter& query_warnings =
      Counter(registry, "prometheus_query_warnings_total",
              "Warnings in answers, such as partial data of Thanos.");

  prometheus::Counter& trainings = Counter(registry, "trainings_total", "Models trained.");
  prometheus::Counter& training_failures =
      Counter(registry, "training_failures_total", "Trainings that failed.");
  prometheus::Counter& training_seconds =
      Counter(registry, "training_seconds_total", "Time spent training.");
  prometheus::Counter& store_failures =
      Counter(registry, "store_failures_total", "Models that could not be written to the store.");
  prometheus::Gauge& reload_success =
      Gauge(registry, "config_last_reload_successful",
            "Whether the last attempt to load the configuration succeeded.");
  prometheus::Gauge& reload_time =
      Gauge(registry, "config_last_reload_success_timestamp_seconds",
            "When the configuration was last loaded successfully, as Unix time.");

  std::mutex mutex;
  PrometheusApiStatistics seen;
};

ExporterMetrics::ExporterMetrics() : impl_(std::make_unique<Impl>()) {
  // All reasons exist from the start, so that increase() sees the first failure.
  for (const std::string& reason : QueryFailureReasons()) {
    impl_->cycle_failures.Add({{"reason", reason}});
  }
}
ExporterMetrics::~ExporterMetrics() = default;

void ExporterMetrics::CycleDone(const CycleOutcome& outcome, Time now, double seconds) {
  impl_->cycles.Increment();
  for (const std::string& reason : outcome.failures) {
    impl_->cycle_failures.Add({{"reason", reason}}).Increment();
  }
  impl_->cycle_duration.Set(seconds);
  impl_->last_cycle.Set(ToUnixSeconds(now));
  if (outcome.failed == 0) impl_->last_success.Set(ToUnixSeconds(now));
  impl_->up.Set(outcome.prometheus_up() ? 1.0 : 0.0);
  impl_->targets.Set(static_cast<double>(outcome.snapshot->targets.size()));
  impl_->unlabelled.Increment(outcome.unlabelled_samples);
  impl_->ambiguous.Increment(outcome.ambiguous_cells);
  impl_->over_limit.Increment(outcome.targets_over_limit);
}

void ExporterMetrics::QueriesDone(const PrometheusApiStatistics& totals) {
  const std::lock_guard lock(impl_->mutex);
  PrometheusApiStatistics& seen = impl_->seen;
  if (totals.queries < seen.queries) seen = {};
  impl_->queries.Increment(static_cast<double>(totals.queries - seen.queries));
  impl_->query_failures.Increment(static_cast<double>(totals.failures - seen.failures));
  impl_->query_samples.Increment(static_cast<double>(totals.samples - seen.samples));
  impl_->query_warnings.Increment(static_cast<double>(totals.warnings - seen.warnings));
  impl_->query_seconds.Increment(totals.seconds - seen.seconds);
  seen = totals;
}

void ExporterMetrics::TrainingDone(bool succeeded, double seconds) {
  (succeeded ? impl_->trainings : impl_->training_failures).Increment();
  impl_->training_seconds.Increment(seconds);
}

void ExporterMetrics::StoringFailed() { impl_->store_failures.Increment(); }

void ExporterMetrics::ConfigLoaded(bool succeeded, Time now) {
  impl_->reload_success.Set(succeeded ? 1.0 : 0.0);
  if (succeeded) impl_->reload_time.Set(ToUnixSeconds(now));
}

std::shared_ptr<prometheus::Collectable> ExporterMetrics::collectable() const {
  return impl_->registry_owner;
}

}  // namespace promheal::anomaly
