#include "tests/bench/fleet/simulated_target.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace promheal::anomaly {
namespace {

constexpr double kDaySeconds = 86'400.0;

double Seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

Duration FromSeconds(double seconds) {
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
}

// 0 on working days, 1 at weekends; each change takes four hours.
double WeekendShare(double day) {
  const double of_week = std::fmod(day, 7.0);
  const double change = 4.0 / 24.0;
  if (of_week < change) return day < 1.0 ? 0.0 : 1.0 - of_week / change;
  return std::clamp((of_week - 5.0) / change, 0.0, 1.0);
}

bool Within(const std::vector<Fault>& stretches, Time time) {
  return std::any_of(stretches.begin(), stretches.end(),
                     [&](const Fault& each) { return time > each.begin && time <= each.end; });
}

}  // namespace

std::string_view ToString(FaultKind kind) {
  switch (kind) {
    case FaultKind::kSpike:
      return "spike";
    case FaultKind::kDrop:
      return "drop";
    case FaultKind::kSlowDrift:
      return "slow drift";
    case FaultKind::kLatency:
      return "latency without errors";
    case FaultKind::kErrors:
      return "errors";
    case FaultKind::kBrokenRelation:
      return "broken relation";
  }
  return "unknown";
}

std::string_view ToString(Rhythm rhythm) {
  switch (rhythm) {
    case Rhythm::kSteady:
      return "steady";
    case Rhythm::kDay:
      return "day";
    case Rhythm::kDayAndWeek:
      return "day and week";
    case Rhythm::kDailyBatch:
      return "daily batch";
  }
  return "unknown";
}

SimulatedTarget::SimulatedTarget(const SimulationOptions& options, int index)
    : options_(options),
      random_(options.seed, static_cast<uint64_t>(index)),
      now_(options.start),
      rhythm_(static_cast<Rhythm>(index % kRhythms)),
      sparse_(index % 10 == 9) {
  base_rate_ = sparse_ ? std::exp(Uniform(std::log(0.004), std::log(0.04)))
                       : std::exp(Uniform(std::log(1.0), std::log(400.0)));
  const bool cyclic = rhythm_ != Rhythm::kSteady;
  day_amplitude_ = cyclic ? Uniform(0.2, 0.7) : 0.0;
  weekend_ = rhythm_ == Rhythm::kDayAndWeek ? Uniform(0.3, 0.8) : 1.0;
  batch_factor_ = rhythm_ == Rhythm::kDailyBatch ? Uniform(1.5, 3.0) : 1.0;
  growth_ = Uniform(-0.3, 0.3);
  peak_hour_ = Uniform(0.0, 24.0);
  error_ratio_ = Uniform(0.0, 1.0) < 0.5 ? 0.0 : std::exp(Uniform(std::log(1e-4), std::log(1e-2)));
  latency_seconds_ = std::exp(Uniform(std::log(0.02), std::log(0.5)));
  cpu_per_request_ = std::exp(Uniform(std::log(0.001), std::log(0.02)));
  memory_bytes_ = std::exp(Uniform(std::log(5e7), std::log(2e9)));
  leak_ = Uniform(0.0, 0.3);
  hiccup_ = Uniform(0.0, 1.0) < 0.5 ? 0.0 : Uniform(0.0, 0.004);
  load_noise_ = {Uniform(0.02, 0.10), Uniform(120.0, 1200.0)};
  latency_noise_ = {Uniform(0.02, 0.12), Uniform(60.0, 900.0)};
  cpu_noise_ = {Uniform(0.01, 0.06), Uniform(60.0, 600.0)};
  error_noise_ = {0.4, 600.0};
  PlanFaults();
  PlanDeploysAndGaps();
}

std::optional<Scrape> SimulatedTarget::Next() {
  now_ += options_.step;
  const double dt = Seconds(options_.step);
  since_deploy_seconds_ += dt;
  while (next_deploy_ < deploys_.size() && deploys_[next_deploy_] <= now_) Deploy();

  const double load = Load() * std::exp(Step(load_noise_));
  const double traffic =
      (1.0 + 2.0 * Active(FaultKind::kSpike)) * (1.0 - 0.9 * Active(FaultKind::kDrop));
  const double requests = Poisson(base_rate_ * load * traffic * dt);
  const double errors =
      Poisson(requests * std::min(1.0, error_ratio_ * std::exp(Step(error_noise_)) +
                                           0.3 * Active(FaultKind::kErrors)));
  counters_.requests_total += requests;
  counters_.errors_total += std::min(errors, requests);

  // A broken relation: the requests of the peak with the CPU of the trough, or the reverse. If the
  // target has a daily rhythm, each value alone stays within its daily range.
  const bool broken = Active(FaultKind::kBrokenRelation) > 0.0;
  const double relation = !broken ? 1.0 : load > 1.0 ? 0.5 : 2.0;
  const double cpu =
      0.02 + cpu_per_request_ * cpu_factor_ * requests / dt * relation * std::exp(Step(cpu_noise_));
  counters_.cpu_seconds_total += cpu * dt;

  recent_requests_[ticks_++ % 4] = requests;
  const double recent =
      recent_requests_[0] + recent_requests_[1] + recent_requests_[2] + recent_requests_[3];
  const double slow =
      (1.0 + 2.5 * Active(FaultKind::kLatency)) * (1.0 + 2.5 * Active(FaultKind::kSlowDrift));
  double latency = latency_seconds_ * latency_factor_ * (0.8 + 0.2 * load) *
                   std::exp(Step(latency_noise_)) * slow;
  latency *= std::exp(Normal() * 0.5 / std::sqrt(std::max(1.0, recent)));
  if (random_.Unit() < hiccup_) latency *= std::pow(1.0 - random_.Unit(), -0.4);
  counters_.latency_p95_seconds = recent > 0.0 ? latency : std::numeric_limits<double>::quiet_NaN();
  counters_.memory_bytes =
      memory_bytes_ * (1.0 + leak_ * std::min(1.0, since_deploy_seconds_ / (7.0 * kDaySeconds))) *
      std::exp(0.005 * Normal());
  if (Within(gaps_, now_)) return std::nullopt;
  return counters_;
}

// Each target has a labelled fault about every two days. It lasts half an hour; a slow drift lasts
// four hours.
void SimulatedTarget::PlanFaults() {
  const double last = options_.days * kDaySeconds - 0.3 * kDaySeconds;
  int kind = static_cast<int>(random_.Below(kFaultKinds));
  double at = (options_.training_days + Uniform(0.2, 1.5)) * kDaySeconds;
  while (at < last) {
    const auto fault = static_cast<FaultKind>(kind++ % kFaultKinds);
    const double length = fault == FaultKind::kSlowDrift ? 4.0 * 3600.0 : 1800.0;
    faults_.push_back(
        {fault, options_.start + FromSeconds(at), options_.start + FromSeconds(at + length)});
    at += Uniform(1.2, 2.8) * kDaySeconds;
  }
  if (random_.Below(7) != 0) return;
  for (int i = 0; i < 2; ++i) {
    const double begin = Uniform(0.1, options_.training_days - 0.5) * kDaySeconds;
    unlabelled_.push_back({static_cast<FaultKind>(random_.Below(kFaultKinds)),
                           options_.start + FromSeconds(begin),
                           options_.start + FromSeconds(begin + 2400.0)});
  }
}

void SimulatedTarget::PlanDeploysAndGaps() {
  for (double at = Uniform(1.0, 7.0) * kDaySeconds; at < options_.days * kDaySeconds;
       at += Uniform(3.0, 9.0) * kDaySeconds) {
    const Time deploy = options_.start + FromSeconds(at);
    deploys_.push_back(deploy);
    gaps_.push_back({FaultKind::kSpike, deploy, deploy + 2 * options_.step});
  }
  for (double at = Uniform(0.0, 8.0) * kDaySeconds; at < options_.days * kDaySeconds;
       at += Uniform(2.0, 10.0) * kDaySeconds) {
    const Time begin = options_.start + FromSeconds(at);
    gaps_.push_back({FaultKind::kSpike, begin, begin + FromSeconds(Uniform(120.0, 1800.0))});
  }
}

double SimulatedTarget::Load() const {
  const double elapsed = Seconds(now_ - options_.start);
  const double day = elapsed / kDaySeconds;
  const double hour = 24.0 * (day - std::floor(day));
  const double turn = 2.0 * M_PI * (hour - peak_hour_) / 24.0;
  double load = 1.0 + day_amplitude_ * (0.85 * std::cos(turn) + 0.15 * std::cos(2.0 * turn));
  const double since_batch = hour - std::fmod(peak_hour_ + 12.0, 23.0);
  if (since_batch >= 0.0 && since_batch < 0.5) load *= batch_factor_;
  load *= std::pow(weekend_, WeekendShare(day));
  return load * (1.0 + growth_ * day / options_.days);
}

double SimulatedTarget::Normal() {
  return std::sqrt(-2.0 * std::log(1.0 - random_.Unit())) * std::cos(2.0 * M_PI * random_.Unit());
}

double SimulatedTarget::Poisson(double mean) {
  if (mean > 30.0) return std::max(0.0, std::round(mean + std::sqrt(mean) * Normal()));
  const double limit = std::exp(-mean);  // Knuth, The Art of Computer Programming 3.4.1.
  int count = 0;
  for (double product = random_.Unit(); product > limit; product *= random_.Unit()) ++count;
  return count;
}

double SimulatedTarget::Step(Noise& noise) {
  const double keep = std::exp(-Seconds(options_.step) / noise.memory_seconds);
  noise.value = keep * noise.value + std::sqrt(1.0 - keep * keep) * noise.deviation * Normal();
  return noise.value;
}

void SimulatedTarget::Deploy() {
  ++next_deploy_;
  latency_factor_ = std::clamp(latency_factor_ * Uniform(0.9, 1.12), 0.6, 1.7);
  cpu_factor_ = std::clamp(cpu_factor_ * Uniform(0.88, 1.14), 0.6, 1.7);
  since_deploy_seconds_ = 0.0;
  counters_.requests_total = counters_.errors_total = counters_.cpu_seconds_total = 0.0;
}

double SimulatedTarget::Active(FaultKind kind) const {
  for (const auto* stretches : {&faults_, &unlabelled_}) {
    for (const Fault& fault : *stretches) {
      if (fault.kind != kind || now_ <= fault.begin || now_ > fault.end) continue;
      if (kind != FaultKind::kSlowDrift) return 1.0;
      return Seconds(now_ - fault.begin) / Seconds(fault.end - fault.begin);
    }
  }
  return 0.0;
}

}  // namespace promheal::anomaly
