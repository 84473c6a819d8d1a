#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/base/time.h"
#include "webhook/executors/haproxy/runtime/runtime_session.h"

namespace promheal::healing {

// The settings that can be changed at run time, with the texts of their values.
enum class SettingKind {
  kShed,      // An entry in the throttle's table: "none", "40%".
  kBreaker,   // An entry in the breaker's table: "none", "open", "90%" (half-open: this share gets
              // 503).
  kState,     // The state of a slot: "ready", "drain", "maint".
  kWeight,    // The weight of a slot: "100".
  kMaxconn,   // The limit of a slot: "256", "unlimited".
  kMember,    // A server's place in its backend: "none", "member", "member in maint", "at IP:PORT".
  kRedirect,  // An entry of a map: "none", or the backend that requests go to.
};

struct Setting {
  SettingKind kind = SettingKind::kShed;
  std::string table;  // kShed, kBreaker: the table. kRedirect: the path of the map.
  // The key in the table or map, or "backend/server". A member has "backend/server@IP:PORT";
  // without an address, a server at any address counts.
  std::string subject;
};

bool LivesInTable(SettingKind kind);  // Its values expire by themselves.
bool HasKey(SettingKind kind);        // In a table or a map; the others belong to servers.

// The text of a share of 1 to 100 percent: "40%", "open".
std::string ShareText(SettingKind kind, int percent);
// The share in such a text; nullopt for "none" and other texts.
std::optional<int> ParseShare(std::string_view text);

struct SettingValue {
  std::string text;
  std::optional<Duration> expires_in;  // For an entry of a table that expires.
};

// kNotFound if there is no such table, backend or server.
Result<SettingValue> ReadSetting(RuntimeSession& session, const Setting& setting);

// The configured weight of a slot; 0 for other settings.
Result<int> InitialWeight(RuntimeSession& session, const Setting& setting);

// The commands that write the value, in order. For members and redirects the state is read first.
// kInvalidArgument for a value that is not of this kind; it may come from an old ledger.
using RuntimeCommands = std::vector<RuntimeCommand>;
Result<RuntimeCommands> WriteCommands(RuntimeSession& session, const Setting& setting,
                                      std::string_view value);

// The values of a member.
inline constexpr std::string_view kMember = "member";
inline constexpr std::string_view kMemberInMaint = "member in maint";

// The same member with its current address; unchanged if there is no such server.
Result<Setting> WithEndpoint(RuntimeSession& session, Setting setting);

// The server that the subject names. kInvalidArgument if it names none.
Result<ServerName> ServerOf(const Setting& setting);

// The value of an entry as text.
std::string TextOf(SettingKind kind, const StickTableEntry& entry);

}  // namespace promheal::healing
