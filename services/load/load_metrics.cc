#include "services/load/load_metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include "common/io/prometheus/exposition.h"
#include "services/shop/shop_metrics.h"

namespace promheal::shop {
namespace {

constexpr const char* kServices[] = {"orders", "payments", "auth"};
constexpr LoadOutcome kOutcomes[] = {LoadOutcome::kSuccess, LoadOutcome::kError,
                                     LoadOutcome::kTimeout, LoadOutcome::kLost};

}  // namespace

std::string_view ToString(LoadOutcome outcome) {
  constexpr std::string_view kNames[] = {"success", "error", "timeout", "lost"};
  return kNames[static_cast<size_t>(outcome)];
}

struct LoadMetrics::Impl {
  std::shared_ptr<prometheus::Registry> registry = std::make_shared<prometheus::Registry>();
  prometheus::Gauge& target_rate =
      prometheus::BuildGauge()
          .Name("load_target_rate")
          .Help("The intended rate of requests per second over all services.")
          .Register(*registry)
          .Add({});
  prometheus::Family<prometheus::Counter>& offered =
      prometheus::BuildCounter()
          .Name("load_offered_requests_total")
          .Help("Requests that users wanted to make.")
          .Register(*registry);
  prometheus::Family<prometheus::Counter>& requests = prometheus::BuildCounter()
                                                          .Name("load_requests_total")
                                                          .Help("Requests by outcome for the user.")
                                                          .Register(*registry);
  prometheus::Family<prometheus::Histogram>& duration =
      prometheus::BuildHistogram()
          .Name("load_request_duration_seconds")
          .Help("Time until a user got an answer or gave up.")
          .Register(*registry);

  prometheus::Counter& Requests(const std::string& service, LoadOutcome outcome) {
    return requests.Add({{"service", service}, {"outcome", std::string(ToString(outcome))}});
  }
};

LoadMetrics::LoadMetrics() : impl_(std::make_unique<Impl>()) {
  for (const char* service : kServices) {
    impl_->offered.Add({{"service", service}});
    impl_->duration.Add({{"service", service}}, LatencyBuckets());
    for (const LoadOutcome outcome : kOutcomes) impl_->Requests(service, outcome);
  }
}

LoadMetrics::~LoadMetrics() = default;

void LoadMetrics::SetTargetRate(double requests_per_second) {
  impl_->target_rate.Set(requests_per_second);
}

void LoadMetrics::CountOffered(const std::string& service) {
  impl_->offered.Add({{"service", service}}).Increment();
}

void LoadMetrics::Observe(const std::string& service, LoadOutcome outcome,
                          std::chrono::nanoseconds duration) {
  impl_->Requests(service, outcome).Increment();
  impl_->duration.Add({{"service", service}}, LatencyBuckets())
      .Observe(std::chrono::duration<double>(duration).count());
}

void LoadMetrics::CountNotSent(const std::string& service) {
  impl_->Requests(service, LoadOutcome::kLost).Increment();
}

LoadMetrics::Totals LoadMetrics::totals() const {
  Totals totals;
  for (const char* service : kServices) {
    totals.offered += impl_->offered.Add({{"service", service}}).Value();
    totals.success += impl_->Requests(service, LoadOutcome::kSuccess).Value();
  }
  return totals;
}

std::vector<std::shared_ptr<prometheus::Collectable>> LoadMetrics::sources() const {
  return {impl_->registry, MakeProcessCollector(), MakeBuildInfoCollector("shop")};
}

}  // namespace promheal::shop
