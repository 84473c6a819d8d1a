#pragma once

#include <functional>
#include <thread>

#include "common/io/clock.h"
#include "common/io/log.h"
#include "webhook/healer/healer.h"
#include "webhook/healer/inbox.h"
#include "webhook/state/healing_snapshot.h"
#include "webhook/state/ledger_health.h"

namespace promheal::healing {

// The thread that owns the healer, and with it ledger, timers and statistics. It steps when input
// arrives or an incident is due, tells HTTP threads whether their delivery is durable, and
// publishes the changes.
class Worker {
 public:
  Worker(Healer& healer, Inbox& inbox, PublishedSnapshot& published, LedgerHealth& health,
         const Clock& clock, Logger& logger);
  ~Worker();  // Finishes the current step.
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

 private:
  void Run();
  void StepOnce(Inbox::Batch batch);
  void Answer(Inbox::Batch& batch, const Status& status);
  void Note(const Status& status);

  Healer& healer_;
  Inbox& inbox_;
  PublishedSnapshot& published_;
  LedgerHealth& health_;
  const Clock& clock_;
  Logger& logger_;
  std::thread thread_;
};

}  // namespace promheal::healing
