#include "webhook/simulate/simulated_executor.h"

#include <fmt/core.h>

#include <string>
#include <utility>

#include "webhook/executors/override_executor.h"

namespace promheal::healing {
namespace {

constexpr char kDetail[] = "simulated";

class SimulatedAction final : public Executor {
 public:
  explicit SimulatedAction(std::unique_ptr<Executor> real) : real_(std::move(real)) {}

  std::string description() const override { return "simulated " + real_->description(); }
  Status Check(const Action& action) const override { return real_->Check(action); }
  Receipt Execute(const Action&, Duration) override { return {ActionResult::kDone, kDetail}; }
  ObservationReport Observe(const Action&) override { return {Observation::kHappened, kDetail}; }

 private:
  std::unique_ptr<Executor> real_;
};

// Holds overrides at one pretended place for each target: every change succeeds at once and stays
// until it is undone.
class SimulatedOverride final : public OverrideExecutor {
 public:
  SimulatedOverride(std::unique_ptr<Executor> real, const OverrideExecutor& held)
      : OverrideExecutor(held.clock()), real_(std::move(real)), traits_(held.traits()) {}

  std::string description() const override { return "simulated " + real_->description(); }
  Status Check(const Action& action) const override { return real_->Check(action); }
  ObservationReport Observe(const Action&) override { return {Observation::kHappened, kDetail}; }
  OverrideTraits traits() const override { return traits_; }

  Result<Override> Prepare(const Action& action, Duration) override {
    const OverrideChange change{.keeper = kDetail,
                                .subject = action.target.ToDisplayName(),
                                .before = std::string(kNoOverride),
                                .after = ValueAt(traits_.percent)};
    return Override{.target = action.target, .percent = traits_.percent, .changes = {change}};
  }
  OverrideReport Apply(const Override& held, Duration) override {
    Override now = held;
    for (OverrideChange& change : now.changes) {
      change.run = kDetail;
      change.earlier.clear();
    }
    return Done(std::move(now), Standing::kInForce);
  }
  OverrideReport Undo(const Override& held, Duration) override {
    return Done(held, Standing::kInForce);
  }
  OverrideReport Inspect(const Override& held, Duration) override {
    return Done(held, Standing::kInForce);
  }
  OverridesInForce ReadState(Duration) override { return {}; }

 protected:
  std::string ValueAt(int percent) const override { return fmt::format("{}%", percent); }

 private:
  static OverrideReport Done(Override now, Standing found) {
    const size_t places = now.changes.size();
    return {.result = ActionResult::kDone,
            .detail = kDetail,
            .now = std::move(now),
            .found = std::vector<Standing>(places, found)};
  }

  std::unique_ptr<Executor> real_;
  const OverrideTraits traits_;
};

}  // namespace

std::unique_ptr<Executor> Simulated(std::unique_ptr<Executor> real) {
  if (!real) return real;
  if (const OverrideExecutor* held = AsOverrideExecutor(*real)) {
    return std::make_unique<SimulatedOverride>(std::move(real), *held);
  }
  return std::make_unique<SimulatedAction>(std::move(real));
}

}  // namespace promheal::healing
