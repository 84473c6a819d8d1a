#include "tests/webhook/healer/fake_gateway.h"

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "tests/support/fake_clock.h"

namespace promheal::healing::samples {
namespace {

constexpr Duration kLife = std::chrono::seconds(15);

const support::FakeClock kNoClock{Time{}};  // Only Execute looks at it.

class FakeOverride final : public OverrideExecutor {
 public:
  FakeOverride(std::string kind, std::shared_ptr<FakeGateway> gateway)
      : OverrideExecutor(kNoClock), kind_(std::move(kind)), gateway_(std::move(gateway)) {}

  std::string description() const override { return "fake " + kind_; }
  Status Check(const Action& action) const override { return RefuseHostile(action); }
  Receipt Execute(const Action&, Duration) override { std::abort(); }  // It is held instead.
  ObservationReport Observe(const Action&) override { std::abort(); }  // It is inspected instead.

  OverrideTraits traits() const override {
    return {.has_degrees = Expires(), .expires = Expires(), .percent = FullPercent()};
  }

  Result<Override> Prepare(const Action& action, Duration) override {
    if (!gateway_->reachable) return Fail(ErrorCode::kUnavailable, "refused");
    const std::string key(action.labels.Get(Expires() ? "service" : "instance"));
    OverrideChange change{.keeper = "gateway", .subject = key};
    change.before = gateway_->ValueAt(PlaceOf(change));
    change.after = Expires() ? std::to_string(FullPercent()) + "%" : kind_;
    return Override{.target = action.target, .percent = FullPercent(), .changes = {change}};
  }

  OverrideReport Apply(const Override& held, Duration) override {
    ++gateway_->applies;
    OverrideReport report = Inspect(held, {});
    if (report.result != ActionResult::kDone) return report;
    OverrideChange& change = report.now.changes[0];
    if (!MayWrite(report.found[0])) {
      report.result = ActionResult::kFailed;
      return report;
    }
    gateway_->Write(PlaceOf(change), change.after, Expires() ? std::optional(kLife) : std::nullopt);
    change.run = gateway_->run();
    change.earlier.clear();
    // Where exactly it is, is known only now.
    change.subject = PlaceOf(change).second + '@' + gateway_->run();
    if (Expires()) change.expires_at = gateway_->now() + kLife;
    return report;
  }

  OverrideReport Undo(const Override& held, Duration) override {
    OverrideReport report = Inspect(held, {});
    if (report.result != ActionResult::kDone || report.found[0] != Standing::kInForce) {
      return report;
    }
    const std::string before = Expires() ? "none" : held.changes[0].before;
    gateway_->Write(PlaceOf(held.changes[0]), before, std::nullopt);
    return report;
  }

  OverrideReport Inspect(const Override& held, Duration) override {
    if (!gateway_->reachable) {
      return {ActionResult::kFailed, "refused", held, {Standing::kUnreadable}};
    }
    const OverrideChange& change = held.changes[0];
    const std::string found = gateway_->ValueAt(PlaceOf(change));
    return {ActionResult::kDone,
            "it is " + found,
            held,
            {StandingOf(change, found, gateway_->run(), gateway_->now())}};
  }

  OverridesInForce ReadState(Duration) override {
    OverridesInForce state;
    if (!gateway_->reachable) {
      state.keepers.push_back({"gateway", "", Error{ErrorCode::kUnavailable, "refused"}});
      return state;
    }
    state.keepers.push_back({"gateway", gateway_->run(), std::nullopt});
    for (const auto& [place, entry] : gateway_->entries_) {
      const std::string value = gateway_->ValueAt(place);
      if (place.first != Table() || value == "none") continue;
      state.overrides.push_back(
          {.changes = {{.keeper = "gateway", .subject = place.second, .after = value}}});
    }
    return state;
  }

 protected:
  std::string ValueAt(int percent) const override { return std::to_string(percent) + "%"; }

 private:
  bool Expires() const { return kind_ != "drain"; }
  int FullPercent() const { return kind_ == "throttle" ? 40 : 100; }
  std::string Table() const { return Expires() ? kind_ : "state"; }
  FakeGateway::Place PlaceOf(const OverrideChange& change) const {
    return {Table(), change.subject.substr(0, change.subject.find('@'))};
  }

  const std::string kind_;
  const std::shared_ptr<FakeGateway> gateway_;
};

}  // namespace

std::string FakeGateway::ValueAt(const Place& place) const {
  const auto entry = entries_.find(place);
  if (entry == entries_.end()) return "none";
  return entry->second.expires_at && now() >= *entry->second.expires_at ? "none"
                                                                        : entry->second.value;
}

int FakeGateway::PercentAt(const Place& place) const {
  const std::string value = ValueAt(place);
  return value == "none" ? 0 : value == "drain" ? 100 : std::atoi(value.c_str());
}

void FakeGateway::Write(const Place& place, std::string value, std::optional<Duration> life) {
  if (before_write) before_write(place, value);
  written.emplace_back(place, value);
  if (value == "none") {
    entries_.erase(place);
  } else {
    entries_[place] = {std::move(value), life ? std::optional(now() + *life) : std::nullopt};
  }
}

void FakeGateway::Reload() {
  entries_.clear();
  ++runs_;
}

void FakeGateway::KeepLives(Duration by) {
  for (auto& [place, entry] : entries_) {
    if (entry.expires_at) *entry.expires_at -= by;
  }
}

Status RefuseHostile(const Action& action) {
  if (action.labels.Get("service") != "hostile;") return {};
  return Fail(ErrorCode::kInvalidArgument, "the value of label 'service' is hostile");
}

std::unique_ptr<OverrideExecutor> MakeFakeOverride(const std::string& kind,
                                                   std::shared_ptr<FakeGateway> gateway) {
  return std::make_unique<FakeOverride>(kind, std::move(gateway));
}

}  // namespace promheal::healing::samples
