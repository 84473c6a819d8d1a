#include "tests/bench/fleet/feature_rows.h"

#include <limits>

#include "exporter/core/feature_table.h"

namespace promheal::anomaly {
namespace {

double IncreaseOf(double before, double now) { return now >= before ? now - before : now; }

}  // namespace

FeatureRows::FeatureRows(Duration step, bool whole_windows)
    : step_seconds_(std::chrono::duration<double>(step).count()), whole_windows_(whole_windows) {}

FeatureSet FeatureRows::Features(bool with_minimums) {
  FeatureSet set{
      .specs = {{.name = "request_rate", .minimum_absolute = 1.0, .minimum_relative = 0.5},
                {.name = "error_ratio",
                 .direction = Direction::kUp,
                 .minimum_absolute = 0.05,
                 .minimum_relative = 0.5,
                 .traffic_floor = 0.2},
                {.name = "latency_p95",
                 .direction = Direction::kUp,
                 .minimum_absolute = 0.03,
                 .minimum_relative = 1.0,
                 .traffic_floor = 0.2},
                {.name = "cpu", .minimum_absolute = 0.1, .minimum_relative = 0.3}},
      .traffic = 0};
  if (with_minimums) return set;
  for (FeatureSpec& spec : set.specs) spec.minimum_absolute = spec.minimum_relative = 0.0;
  return set;
}

std::optional<Eigen::RowVectorXd> FeatureRows::Next(const std::optional<Scrape>& scrape) {
  Increase& increase = increases_[ticks_++ % kWindow];
  increase = {};
  if (!scrape) {
    last_.reset();
    return std::nullopt;
  }
  if (last_) {
    increase = {.known = true,
                .requests = IncreaseOf(last_->requests_total, scrape->requests_total),
                .errors = IncreaseOf(last_->errors_total, scrape->errors_total),
                .cpu_seconds = IncreaseOf(last_->cpu_seconds_total, scrape->cpu_seconds_total)};
  }
  last_ = scrape;
  Increase sum;
  int known = 0;
  for (const Increase& each : increases_) {
    if (!each.known) continue;
    ++known;
    sum.requests += each.requests;
    sum.errors += each.errors;
    sum.cpu_seconds += each.cpu_seconds;
  }
  if (known == 0) return std::nullopt;
  const double seconds = known * step_seconds_;
  Eigen::RowVectorXd row(4);
  row << sum.requests / seconds, sum.errors / sum.requests, scrape->latency_p95_seconds,
      sum.cpu_seconds / seconds;
  if (whole_windows_ && known < kWindow) {
    row(0) = row(3) = std::numeric_limits<double>::quiet_NaN();
  }
  return row;
}

}  // namespace promheal::anomaly
