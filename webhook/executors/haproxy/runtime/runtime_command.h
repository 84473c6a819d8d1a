#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/result.h"

namespace promheal::healing {

// What an operator can set a server to. HAProxy's own words.
enum class SlotState { kReady, kDrain, kMaint };
std::string_view ToString(SlotState state);  // "ready", "drain", "maint"
Result<SlotState> ParseSlotState(std::string_view text);

// A server of a backend: "orders/orders-2".
struct ServerName {
  std::string backend;
  std::string server;

  bool operator==(const ServerName&) const = default;
};
std::string ToString(const ServerName& name);
Result<ServerName> ParseServerName(std::string_view text);

// What may become one word of a command: letters, digits and _ . : - with a letter, digit or
// underscore first, 63 characters at most (a stick table with `len 64` cuts what is longer). So no
// value can end a command or a word, escape, comment, quote, name an id (#) or another process (@).
Status CheckWord(std::string_view what, std::string_view value);

// "172.18.0.5:3011": an IPv4 address and a port from 1.
Status CheckEndpoint(std::string_view endpoint);

// "/etc/haproxy/redirects.map": an absolute path of letters, digits and _ . - /, 200 characters at
// most.
Status CheckMapPath(std::string_view path);

// One command of HAProxy's Runtime API. Only the functions below make one, and they check every
// word and every number, since HAProxy takes `maxconn -7` and `data.gpt0 -1` without complaint.
// Invariant: text() is one line that HAProxy reads as exactly one command.
class RuntimeCommand {
 public:
  static RuntimeCommand ShowInfo();
  static RuntimeCommand ShowAllServers();
  static Result<RuntimeCommand> ShowServers(std::string_view backend);
  // The servers of a backend, as statistics.
  static Result<RuntimeCommand> ShowServerStats(std::string_view backend);
  static Result<RuntimeCommand> ShowTable(std::string_view table);
  static Result<RuntimeCommand> ShowTableEntry(std::string_view table, std::string_view key);

  using TableData = std::vector<std::pair<std::string_view, uint32_t>>;  // {"gpt0", 40}
  // Creates or changes the entry, and renews it.
  static Result<RuntimeCommand> SetTableEntry(std::string_view table, std::string_view key,
                                              const TableData& data);
  static Result<RuntimeCommand> ClearTableEntry(std::string_view table, std::string_view key);
  static Result<RuntimeCommand> SetServerState(const ServerName& name, SlotState state);
  static Result<RuntimeCommand> SetServerWeight(const ServerName& name, int weight);  // 0 to 256
  // A server that the configuration does not have, in maintenance at first and without checks under
  // way. `endpoint` is an IPv4 address and a port: a name would never be resolved.
  static Result<RuntimeCommand> AddServer(const ServerName& name, std::string_view endpoint,
                                          int weight);
  static Result<RuntimeCommand> EnableHealthChecks(const ServerName& name);
  // Only one that is in maintenance and that nothing is connected to.
  static Result<RuntimeCommand> DeleteServer(const ServerName& name);
  // Ends what is connected to a server.
  static Result<RuntimeCommand> ShutdownSessions(const ServerName& name);
  static RuntimeCommand ShowBackends();
  // Maps are known by the path of their file. A key stands there once: what is there is set, what
  // is not is added.
  static Result<RuntimeCommand> ShowMap(std::string_view path);
  static Result<RuntimeCommand> AddMapEntry(std::string_view path, std::string_view key,
                                            std::string_view value);
  static Result<RuntimeCommand> SetMapEntry(std::string_view path, std::string_view key,
                                            std::string_view value);
  static Result<RuntimeCommand> DeleteMapEntry(std::string_view path, std::string_view key);
  // `maxconn` 0: no limit.
  static Result<RuntimeCommand> SetServerMaxconn(const ServerName& name, int maxconn);

  const std::string& text() const { return text_; }

 private:
  explicit RuntimeCommand(std::string text) : text_(std::move(text)) {}
  // The text becomes a command only where `status` says that its parts were fine.
  static Result<RuntimeCommand> If(const Status& status, std::string text);

  std::string text_;
};

}  // namespace promheal::healing
