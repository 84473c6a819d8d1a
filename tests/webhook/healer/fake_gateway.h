#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "webhook/executors/override_executor.h"

namespace promheal::healing::samples {

// A gateway's tables and slots as overrides see them: values at places, some of which expire.
class FakeGateway {
 public:
  using Place = std::pair<std::string, std::string>;  // Table and key; "state" and slot.
  struct Entry {
    std::string value;
    std::optional<Time> expires_at;
  };

  std::string ValueAt(const Place& place) const;  // "none", "40%", "drain"
  int PercentAt(const Place& place) const;        // 0 for none.
  void Write(const Place& place, std::string value, std::optional<Duration> life);
  void Reload();  // Everything is lost, another run begins.
  // The wall clock was set back, which changes nothing about how long anything lives.
  void KeepLives(Duration by);
  // Somebody does it by hand.
  void SetByHand(const Place& place, const std::string& value) { entries_[place] = {value, {}}; }

  bool reachable = true;
  std::string run() const { return "run " + std::to_string(runs_); }
  const Time* clock = nullptr;
  Time now() const { return *clock; }
  int applies = 0;  // Calls of Apply, also those that only renew.
  // Told before our own writes; not before those by hand.
  std::function<void(const Place&, const std::string& value)> before_write;
  std::vector<std::pair<Place, std::string>> written;
  std::map<Place, Entry> entries_;

 private:
  int runs_ = 1;
};

// What every executor of these tests refuses.
Status RefuseHostile(const Action& action);

// An action on it: "throttle" (40 %, expires after 15 s), "breaker" (100 %, expires, too), "drain"
// (no degrees, stays).
std::unique_ptr<OverrideExecutor> MakeFakeOverride(const std::string& kind,
                                                   std::shared_ptr<FakeGateway> gateway);

}  // namespace promheal::healing::samples
