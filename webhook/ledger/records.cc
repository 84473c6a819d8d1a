#include "webhook/ledger/records.h"

#include <fmt/core.h>

#include "webhook/ledger/record_json.h"

namespace promheal::healing {
namespace {

template <typename T>
Result<T> Decode(std::string_view json, std::string_view what) {
  try {
    return nlohmann::json::parse(json).get<T>();
  } catch (const std::exception& e) {
    return Fail(ErrorCode::kDataLoss, fmt::format("reading {}: {}", what, e.what()));
  }
}

// Label values may hold bytes that are not UTF-8; these are replaced.
std::string Dump(const nlohmann::json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

std::string KeyOf(const AlertRecord& alert) {
  return fmt::format("{}{}", kAlertPrefix, AlertKey(alert.source, alert.fingerprint));
}

std::string KeyOf(const Incident& incident) {
  if (incident.state != IncidentState::kClosed) {
    return fmt::format("{}{}", kOpenIncidentPrefix, incident.target.ToString());
  }
  return fmt::format("{}{}/{}", kClosedIncidentPrefix,
                     FormatRfc3339(incident.closed_at.value_or(incident.state_since)), incident.id);
}

std::string KeyOf(const CooldownRecord& cooldown) {
  return fmt::format("{}{}/{}", kCooldownPrefix, cooldown.target.ToString(), cooldown.action);
}

std::string KeyOf(const FrozenRecord& frozen) {
  return fmt::format("{}{}", kFrozenPrefix, frozen.target.ToString());
}

std::string KeyOf(const Pause&) { return fmt::format("{}all", kPausePrefix); }

std::string Encode(const AlertRecord& alert) { return Dump(alert); }
std::string Encode(const Incident& incident) { return Dump(incident); }
std::string Encode(const CooldownRecord& cooldown) { return Dump(cooldown); }
std::string Encode(const FrozenRecord& frozen) { return Dump(frozen); }
std::string Encode(const Pause& pause) { return Dump(pause); }

Result<AlertRecord> DecodeAlert(std::string_view json) {
  return Decode<AlertRecord>(json, "an alert");
}
Result<Incident> DecodeIncident(std::string_view json) {
  return Decode<Incident>(json, "an incident");
}
Result<CooldownRecord> DecodeCooldown(std::string_view json) {
  return Decode<CooldownRecord>(json, "a cooldown");
}
Result<FrozenRecord> DecodeFrozen(std::string_view json) {
  return Decode<FrozenRecord>(json, "a frozen target");
}
Result<Pause> DecodePause(std::string_view json) { return Decode<Pause>(json, "a pause"); }

std::string EncodeEntry(const LedgerEntry& entry) {
  nlohmann::json json = {{"key", entry.key}, {"revision", entry.revision}};
  nlohmann::json value = nlohmann::json::parse(entry.value, nullptr, false);
  if (value.is_discarded()) {
    json["damaged"] = entry.value;
  } else {
    json["value"] = std::move(value);
  }
  return Dump(json);
}

}  // namespace promheal::healing
