#include "webhook/ledger/audit.h"

#include <fmt/core.h>

#include <array>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "common/io/sha256.h"

namespace promheal::healing {
namespace {

using Json = nlohmann::json;

constexpr std::array<std::string_view, 8> kCauses = {"alert", "policy", "executor",      "data",
                                                     "time",  "person", "configuration", "restart"};
constexpr std::array<std::string_view, 12> kChanges = {
    "started", "resumed", "reloaded", "opened", "decision", "intent",
    "outcome", "verdict", "override", "frozen", "closed",   "control"};

constexpr std::string_view kBeforeHash = "{\"hash\":\"";
constexpr size_t kHashDigits = 64;
constexpr std::string_view kAfterHash = "\",";

template <typename Enum, size_t kCount>
Enum EnumOf(const std::array<std::string_view, kCount>& names, const std::string& name) {
  for (size_t i = 0; i < kCount; ++i) {
    if (names[i] == name) return static_cast<Enum>(i);
  }
  throw std::runtime_error("unknown value '" + name + "'");
}

// Replaces bytes that are not UTF-8.
std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

AuditRow RowFrom(const Json& json) {
  AuditRow row;
  json.at("sequence").get_to(row.sequence);
  const Result<Time> time = ParseRfc3339(json.at("time").get<std::string>());
  if (!time) throw std::runtime_error(time.error().message);
  row.time = *time;
  row.by = EnumOf<AuditCause>(kCauses, json.at("by").get<std::string>());
  json.at("who").get_to(row.who);
  row.what = EnumOf<AuditChange>(kChanges, json.at("what").get<std::string>());
  json.at("incident").get_to(row.incident);
  json.at("target").get_to(row.target);
  json.at("text").get_to(row.text);
  json.at("hash").get_to(row.hash);
  return row;
}

}  // namespace

std::string_view ToString(AuditCause cause) { return kCauses.at(static_cast<size_t>(cause)); }
std::string_view ToString(AuditChange change) { return kChanges.at(static_cast<size_t>(change)); }

std::string AuditKey(uint64_t sequence) { return fmt::format("{}{:016}", kAuditPrefix, sequence); }

std::string Encode(const AuditPoint& point) {
  return Dump(
      {{"sequence", point.sequence},
       {"through", AuditKey(point.sequence)},  // Read by SQLite's triggers (sqlite/schema.cc).
       {"hash", point.hash}});
}

Result<AuditPoint> DecodeAuditPoint(std::string_view json) {
  try {
    const Json parsed = Json::parse(json);
    return AuditPoint{parsed.at("sequence").get<uint64_t>(), parsed.at("hash").get<std::string>()};
  } catch (const std::exception& e) {
    return Fail(ErrorCode::kDataLoss,
                fmt::format("reading a point of the audit trail: {}", e.what()));
  }
}

std::string EncodeAfter(const std::string& previous, AuditRow& row) {
  const std::string bare = Dump({{"sequence", row.sequence},
                                 {"time", FormatRfc3339(row.time)},
                                 {"by", ToString(row.by)},
                                 {"who", row.who},
                                 {"what", ToString(row.what)},
                                 {"incident", row.incident},
                                 {"target", row.target},
                                 {"text", row.text}});
  row.hash = Sha256Hex(previous + bare);
  return fmt::format("{}{}{}{}", kBeforeHash, row.hash, kAfterHash, bare.substr(1));
}

Result<AuditRow> DecodeAuditRow(std::string_view json) {
  try {
    return RowFrom(Json::parse(json));
  } catch (const std::exception& e) {
    return Fail(ErrorCode::kDataLoss,
                fmt::format("reading a row of the audit trail: {}", e.what()));
  }
}

bool Follows(const std::string& previous, std::string_view json) {
  constexpr size_t kHead = kBeforeHash.size() + kHashDigits + kAfterHash.size();
  if (json.size() < kHead || !json.starts_with(kBeforeHash)) return false;
  const std::string_view hash = json.substr(kBeforeHash.size(), kHashDigits);
  if (json.substr(kBeforeHash.size() + kHashDigits, kAfterHash.size()) != kAfterHash) return false;
  return Sha256Hex(fmt::format("{}{{{}", previous, json.substr(kHead))) == hash;
}

}  // namespace promheal::healing
