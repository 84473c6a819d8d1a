#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/support/fake_clock.h"
#include "webhook/executors/haproxy/runtime/runtime_client.h"
#include "webhook/executors/haproxy/runtime/server_state.h"

namespace promheal::healing {

struct FakeEntry {
  uint32_t gpc0 = 0;
  uint32_t gpt0 = 0;
  Time expires_at;
};

// The part of a HAProxy that the executor uses, in memory, with the answers of HAProxy 2.6.
// Backend "orders": orders-1 in service, orders-2 and orders-3 spare. Backend "payments": two in
// service, one spare. Tables override_shed and override_breaker. The map /maps/redirect, empty, and
// the backends that it may name, fallback and elsewhere.
class FakeHaproxy {
 public:
  explicit FakeHaproxy(const support::FakeClock& clock);

  // Connects an executor; valid as long as this object.
  std::unique_ptr<RuntimeApi> Api();

  std::string Answer(const std::string& command);
  void Reload();  // Another process, with only its configuration.
  ServerState& Server(const std::string& name);
  // "40%" as "0/40" (gpc0/gpt0), "" for no entry.
  std::string Entry(const std::string& table, const std::string& key);
  // Everything that can be changed, to compare before with after.
  std::string State();

  // Called before a command; its result is the answer. `kAfter` carries the command out first.
  enum class When { kBefore, kAfter };
  struct Trouble {
    When when = When::kBefore;
    Error error;
  };
  std::function<std::optional<Trouble>(const std::string& command)> trouble;
  std::vector<std::string> commands;  // All commands received.
  std::optional<Duration> table_expires = std::chrono::seconds(15);
  size_t key_length = 63;
  std::map<std::string, std::map<std::string, FakeEntry>> tables;
  std::map<std::string, std::string> redirects;
  std::set<std::string> connected;          // Servers that cannot be deleted yet.
  std::map<std::string, uint64_t> maxconn;  // By server; others have 256.

 private:
  class Client;

  Result<std::string> Run(const std::string& command);
  std::string Info() const;
  std::string Servers(const std::string& backend) const;
  std::string Stats(const std::string& backend) const;
  std::string Table(const std::string& name, const std::string& key) const;
  std::string SetTable(const std::vector<std::string>& words);
  std::string Map(const std::vector<std::string>& words);
  std::string AddServer(const std::vector<std::string>& words);
  std::string DeleteServer(const std::string& word);
  std::string SetServer(const std::vector<std::string>& words);
  void ForgetExpired();

  const support::FakeClock& clock_;
  int64_t pid_ = 100;
  Time started_;
  std::vector<ServerState> servers_;
  std::map<std::string, Time> changed_at_;
};

}  // namespace promheal::healing
