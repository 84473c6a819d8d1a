#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/base/time.h"
#include "webhook/executors/haproxy/runtime/runtime_session.h"

namespace promheal::healing {

// What can be set at run time, and the texts of its values:
enum class SettingKind {
  kShed,     // An entry in the throttle's table: "none", "40%".
  kBreaker,  // An entry in the breaker's table: "none", "open", "90%" (half-open: so many get 503).
  kState,    // Of a slot: "ready", "drain", "maint".
  kWeight,   // Of a slot: "100".
  kMaxconn,  // Of a slot: "256", "unlimited".
  kMember,   // Whether there is such a server: "none", "member", "member in maint", "at IP:PORT".
  kRedirect,  // An entry of a map: "none", or the backend that it leads to.
};

struct Setting {
  SettingKind kind = SettingKind::kShed;
  std::string table;  // For the first two kinds; for a redirect the path of the map.
  // The key in the table or map, or "backend/server"; of a member "backend/server@IP:PORT", where
  // without an address any counts.
  std::string subject;
};

bool LivesInTable(SettingKind kind);  // And so expires.
bool HasKey(SettingKind kind);        // In a table or a map; the others are of servers.

// "40%", "open": how a share of 1 to 100 percent stands in a table.
std::string ShareText(SettingKind kind, int percent);
// The other way round; nothing for "none" and what is no share.
std::optional<int> ParseShare(std::string_view text);

struct SettingValue {
  std::string text;
  std::optional<Duration> expires_in;  // Of an entry, unless it never goes.
};

// kNotFound where there is no such table, backend or server.
Result<SettingValue> ReadSetting(RuntimeSession& session, const Setting& setting);

// The configured weight of a slot; 0 for a setting that has none.
Result<int> InitialWeight(RuntimeSession& session, const Setting& setting);

// What sets it, one after the other. kInvalidArgument for a value that is none of this kind: it may
// come from an old ledger. Of a member the state is asked first.
using RuntimeCommands = std::vector<RuntimeCommand>;
Result<RuntimeCommands> WriteCommands(RuntimeSession& session, const Setting& setting,
                                      std::string_view value);

// The values of a member.
inline constexpr std::string_view kMember = "member";
inline constexpr std::string_view kMemberInMaint = "member in maint";

// The same member with the address that it has now; without one where there is no such server.
Result<Setting> WithEndpoint(RuntimeSession& session, Setting setting);

// The server of a setting that has one. kInvalidArgument for what names none.
Result<ServerName> ServerOf(const Setting& setting);

// How an entry reads as a value.
std::string TextOf(SettingKind kind, const StickTableEntry& entry);

}  // namespace promheal::healing
