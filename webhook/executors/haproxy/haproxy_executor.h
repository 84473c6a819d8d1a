#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/io/clock.h"
#include "webhook/executors/haproxy/change.h"
#include "webhook/executors/haproxy/haproxy_options.h"
#include "webhook/executors/haproxy/runtime/runtime_client.h"
#include "webhook/executors/override_executor.h"

namespace promheal::healing {

// One HAProxy, known by the path of its socket.
struct Gateway {
  std::string socket;
  std::unique_ptr<RuntimeApi> api;
};

// Remembers the slot chosen for each intent, so that the same intent changes the same slot again.
// Keeps only the latest intents, and only while the program runs.
class ChosenSlots {
 public:
  std::optional<Override> Find(const std::string& action_id) const;
  void Remember(const std::string& action_id, const Override& held);

 private:
  mutable std::mutex mutex_;
  std::deque<std::pair<std::string, Override>> chosen_;
};

// Changes one or several HAProxies through their Runtime API by one operation. Execute is done if
// all of them have the change, failed if one refused (the receipt says which have it), and unknown
// if one did not answer. A HAProxy that hangs may still carry out commands when it goes on,
// whatever was observed meanwhile; that change then expires, or shows in ReadState.
class HaproxyExecutor final : public OverrideExecutor {
 public:
  HaproxyExecutor(HaproxyOptions options, std::vector<Gateway> gateways, const Clock& clock)
      : OverrideExecutor(clock), options_(std::move(options)), gateways_(std::move(gateways)) {}

  std::string description() const override;
  std::string_view not_undone() const override;
  Status Check(const Action& action) const override;
  // kUnknown for an entry that may have expired, or been lost in a reload.
  ObservationReport Observe(const Action& action) override;
  Result<std::string> Probe(Duration deadline) override;

  OverrideTraits traits() const override;
  Result<Override> Prepare(const Action& action, Duration deadline) override;
  OverrideReport Apply(const Override& held, Duration deadline) override;
  OverrideReport Undo(const Override& held, Duration deadline) override;
  OverrideReport Inspect(const Override& held, Duration deadline) override;
  OverridesInForce ReadState(Duration deadline) override;

 protected:
  Result<Override> PrepareToExecute(const Action& action, Duration deadline) override;
  std::string ValueAt(int percent) const override;

 private:
  using ChangeStep =
      std::function<ChangeReport(RuntimeSession&, const Setting&, const OverrideChange&)>;

  SessionLimits Limits(Duration deadline) const;
  RuntimeSession SessionWith(const Gateway& gateway, const SessionLimits& limits) const;
  Result<std::string> ChooseSubject(const Action& action, const SessionLimits& limits) const;
  Result<OverrideChange> PlanOn(const Gateway& gateway, const Setting& wanted,
                                const SessionLimits& limits) const;
  OverrideReport ForEachChange(const Override& held, Duration deadline,
                               const ChangeStep& step) const;
  ChangeReport StepOn(const OverrideChange& change, const SessionLimits& limits,
                      const ChangeStep& step) const;

  const HaproxyOptions options_;
  const std::vector<Gateway> gateways_;
  ChosenSlots chosen_;
};

// Makes the executor, with a RuntimeClient for each socket of the options.
std::unique_ptr<OverrideExecutor> MakeHaproxyExecutor(HaproxyOptions options, const Clock& clock);

}  // namespace promheal::healing
