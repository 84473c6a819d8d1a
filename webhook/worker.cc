#include "webhook/worker.h"

#include <algorithm>
#include <utility>

namespace promheal::healing {
namespace {

// Wakes at least this often, because the wall clock may jump.
constexpr Duration kLongestWait = std::chrono::seconds(5);

}  // namespace

Worker::Worker(Healer& healer, Inbox& inbox, PublishedSnapshot& published, LedgerHealth& health,
               const Clock& clock, Logger& logger)
    : healer_(healer),
      inbox_(inbox),
      published_(published),
      health_(health),
      clock_(clock),
      logger_(logger),
      thread_([this] { Run(); }) {}

Worker::~Worker() {
  inbox_.Stop();
  thread_.join();
}

void Worker::Run() {
  StepOnce({});
  while (true) {
    const Duration wait = healer_.next_wake() - clock_.Now();
    Inbox::Batch batch = inbox_.Pop(std::clamp(wait, Duration(0), kLongestWait));
    if (batch.stopped) {
      // Takes no last step: Alertmanager sends unanswered deliveries again, as after a crash.
      Answer(batch, Fail(ErrorCode::kUnavailable, "the healer is stopping"));
      return;
    }
    StepOnce(std::move(batch));
  }
}

void Worker::StepOnce(Inbox::Batch batch) {
  const Status status = healer_.Step(batch.input, clock_.Now());
  // Publishes before answering, so that a client sees its own change.
  if (status) published_.Publish(healer_.PopNews());
  Answer(batch, status);
  Note(status);
}

void Worker::Answer(Inbox::Batch& batch, const Status& status) {
  for (std::promise<Status>& waiting : batch.waiting) waiting.set_value(status);
  std::vector<Result<OrderReport>> reports = healer_.PopReports();
  for (size_t i = 0; i < batch.ordering.size(); ++i) {
    if (status) {
      batch.ordering[i].set_value(std::move(reports[i]));
    } else {
      batch.ordering[i].set_value(tl::make_unexpected(status.error()));
    }
  }
}

void Worker::Note(const Status& status) {
  const std::string problem = status ? "" : status.error().message;
  if (problem == health_.problem()) return;
  health_.Set(problem);
  if (problem.empty()) {
    logger_.Info("ledger works");
  } else {
    logger_.Error("ledger does not work: nothing is accepted and nothing is done",
                  {{"error", problem}});
  }
}

}  // namespace promheal::healing
