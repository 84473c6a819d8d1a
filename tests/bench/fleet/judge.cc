#include "tests/bench/fleet/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

namespace promheal::anomaly {
namespace {

using std::chrono::hours;

double Seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

// Alerts up to this long after a fault are not false: a fault's alert may come late, and windows
// and baselines need time to recover.
constexpr Duration kAfterFault = hours(2);

}  // namespace

TargetJudge::TargetJudge(const SimulatedTarget& target, AlertRule rule, Duration step,
                         Time judged_from)
    : rule_(rule),
      step_(step),
      judged_from_(judged_from),
      unlabelled_(target.unlabelled()),
      deploys_(target.deploys()) {
  for (const Fault& fault : target.faults()) watched_.push_back({fault});
}

void TargetJudge::Observe(Time now, double score) {
  const bool above = score > 1.0;
  above_ = above ? above_ + 1 : 0;
  calm_ = above ? 0 : calm_ + 1;
  const bool begins = !alerting_ && above_ >= rule_.persistence;
  if (begins) alerting_ = true;
  if (calm_ >= rule_.calm) alerting_ = false;
  if (above_ >= rule_.persistence) {
    for (Watched& each : watched_) {
      if (each.delay_seconds < 0.0 && now > each.fault.begin && now <= each.fault.end) {
        each.delay_seconds = Seconds(now - each.fault.begin);
      }
    }
  }
  if (now < judged_from_ || NearFault(now)) return;
  ++clean_steps_;
  if (!begins) return;
  ++false_alerts_;
  if (std::any_of(deploys_.begin(), deploys_.end(),
                  [&](Time deploy) { return now >= deploy && now < deploy + hours(2); })) {
    ++near_deploys_;
  }
}

void TargetJudge::AddTo(Verdict& verdict) const {
  verdict.target_weeks += clean_steps_ * Seconds(step_) / Seconds(std::chrono::weeks(1));
  verdict.false_alerts += false_alerts_;
  verdict.near_deploys += near_deploys_;
  for (const Watched& each : watched_) {
    if (each.fault.begin < judged_from_) continue;
    Verdict::Kind& kind = verdict.kinds[each.fault.kind];
    ++kind.faults;
    if (each.delay_seconds >= 0.0) kind.delay_seconds.push_back(each.delay_seconds);
  }
}

bool TargetJudge::NearFault(Time time) const {
  const auto near = [&](const Fault& fault) {
    return time > fault.begin && time <= fault.end + kAfterFault;
  };
  return std::any_of(watched_.begin(), watched_.end(),
                     [&](const Watched& each) { return near(each.fault); }) ||
         std::any_of(unlabelled_.begin(), unlabelled_.end(), near);
}

std::string RateWithInterval(int events, double units) {
  const double root = std::sqrt(events + 0.375);
  const double low = std::max(0.0, root - 0.82);
  const double high = root + 0.82;
  return fmt::format("{:.2f} ({:.2f} to {:.2f})", events / units, low * low / units,
                     high * high / units);
}

}  // namespace promheal::anomaly
