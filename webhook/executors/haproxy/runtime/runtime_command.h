#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/result.h"

namespace promheal::healing {

// The states that an operator can set, in HAProxy's words.
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

// Whether a value may become one word of a command: letters, digits and _ . : - with a letter,
// digit or underscore first, 63 characters at most (a stick table with `len 64` cuts longer keys).
// So no value can end a command or a word, escape, comment, quote, name an id (#) or another
// process (@).
Status CheckWord(std::string_view what, std::string_view value);

// "172.18.0.5:3011": an IPv4 address and a port from 1.
Status CheckEndpoint(std::string_view endpoint);

// "/etc/haproxy/redirects.map": an absolute path of letters, digits and _ . - /, 200 characters at
// most.
Status CheckMapPath(std::string_view path);

// One command of HAProxy's Runtime API. Only the functions below make commands. They check every
// word and every number, because HAProxy accepts `maxconn -7` and `data.gpt0 -1`.
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
  // Adds a server that the configuration does not have. It starts in maintenance and without health
  // checks. `endpoint` is an IPv4 address and a port: HAProxy would never resolve a name.
  static Result<RuntimeCommand> AddServer(const ServerName& name, std::string_view endpoint,
                                          int weight);
  static Result<RuntimeCommand> EnableHealthChecks(const ServerName& name);
  // HAProxy deletes a server only in maintenance and without connections.
  static Result<RuntimeCommand> DeleteServer(const ServerName& name);
  // Ends all sessions of a server.
  static Result<RuntimeCommand> ShutdownSessions(const ServerName& name);
  static RuntimeCommand ShowBackends();
  // A map is named by the path of its file. Each key has one entry: Set changes an entry, Add makes
  // one.
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
  // The text as a command, if `status` says that its parts are valid.
  static Result<RuntimeCommand> If(const Status& status, std::string text);

  std::string text_;
};

}  // namespace promheal::healing
