#include "services/load/load_generator.h"

#include <algorithm>

namespace promheal::shop {
namespace {

LoadOutcome OutcomeOf(const Result<HttpResponse>& response) {
  if (!response) {
    return response.error().code == ErrorCode::kTimeout ? LoadOutcome::kTimeout
                                                        : LoadOutcome::kLost;
  }
  if (response->status == 504) return LoadOutcome::kTimeout;
  return response->status >= 500 || response->status == 429 ? LoadOutcome::kError
                                                            : LoadOutcome::kSuccess;
}

double ToSeconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

}  // namespace

LoadGenerator::LoadGenerator(Options options, HttpClient& client, const Clock& clock,
                             LoadMetrics& metrics)
    : options_(std::move(options)),
      client_(client),
      clock_(clock),
      metrics_(metrics),
      start_(clock.Monotonic()),
      plan_(options_.plan),
      arrivals_(options_.evenly_spaced ? std::nullopt : std::optional(options_.seed)),
      choice_(options_.seed) {
  for (size_t i = 0; i < options_.max_in_flight; ++i) senders_.emplace_back([this] { SendAll(); });
  arriving_ = std::thread([this] { Arrive(); });
}

LoadGenerator::~LoadGenerator() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    pending_.clear();
  }
  stopping_changed_.notify_all();
  pending_changed_.notify_all();
  arriving_.join();
  for (std::thread& sender : senders_) sender.join();
}

void LoadGenerator::Apply(const PatternChange& change) {
  const std::lock_guard lock(mutex_);
  plan_.Apply(change, clock_.Monotonic() - start_);
}

LoadGenerator::State LoadGenerator::state() const {
  const std::lock_guard lock(mutex_);
  const Duration elapsed = clock_.Monotonic() - start_;
  if (elapsed >= options_.duration) return {.pattern = LoadPattern::kSteady, .over = true};
  return {plan_.PatternAt(ToSeconds(elapsed)), plan_.RateAt(ToSeconds(elapsed))};
}

void LoadGenerator::Arrive() {
  constexpr Duration kTick(5);
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const Duration elapsed = clock_.Monotonic() - start_;
    OfferDue(std::min(elapsed, options_.duration));
    if (elapsed >= options_.duration) break;
    stopping_changed_.wait_for(lock, kTick);
  }
  metrics_.SetTargetRate(0);
}

void LoadGenerator::OfferDue(Duration elapsed) {
  const double seconds = ToSeconds(elapsed);
  metrics_.SetTargetRate(plan_.RateAt(seconds));
  const auto& mix = plan_.PatternAt(seconds) == LoadPattern::kOdd ? OddMix() : UsualMix();
  for (size_t due = arrivals_.Advance(plan_, elapsed); due > 0; --due) {
    const MixedRequest& request = Pick(mix, &choice_);
    metrics_.CountOffered(request.service);
    if (pending_.size() >= idle_senders_) {
      metrics_.CountNotSent(request.service);
    } else {
      pending_.push_back(&request);
      pending_changed_.notify_one();
    }
  }
}

void LoadGenerator::SendAll() {
  std::unique_lock lock(mutex_);
  while (true) {
    ++idle_senders_;
    pending_changed_.wait(lock, [this] { return stopping_ || !pending_.empty(); });
    --idle_senders_;
    if (stopping_) return;
    const MixedRequest& request = *pending_.front();
    pending_.pop_front();
    lock.unlock();
    SendOne(request);
    lock.lock();
  }
}

void LoadGenerator::SendOne(const MixedRequest& mixed) {
  HttpRequest request;
  request.method = mixed.method;
  request.url = options_.gateway_url + "/" + mixed.service + mixed.path;
  request.timeout = options_.timeout;
  const auto start = clock_.MonotonicNanoseconds();
  const Result<HttpResponse> response = client_.Send(request);
  metrics_.Observe(mixed.service, OutcomeOf(response), clock_.MonotonicNanoseconds() - start);
}

}  // namespace promheal::shop
