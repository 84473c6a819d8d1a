#include "webhook/alerts/alert_json.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "common/io/utf8.h"

namespace promheal::healing {
namespace {

using Json = nlohmann::json;

constexpr size_t kMaxAlerts = 10000;
// A message stays one short line, however long the part of the payload that it quotes.
constexpr size_t kMaxReason = 300;

// A wrong field. Becomes an Error before it leaves this file.
class BadPayload : public std::runtime_error {
 public:
  BadPayload(const std::string& where, const std::string& what)
      : std::runtime_error(where + ": " + what) {}
};

const Json* Find(const Json& object, const char* key) {
  const auto it = object.find(key);
  return it == object.end() || it->is_null() ? nullptr : &*it;
}

std::string TextAt(const Json& object, const char* key, const std::string& where) {
  const Json* value = Find(object, key);
  if (value == nullptr) return "";
  if (!value->is_string()) throw BadPayload(where + key, "expected a string");
  return value->get<std::string>();
}

std::map<std::string, std::string> TextsAt(const Json& object, const char* key,
                                           const std::string& where) {
  std::map<std::string, std::string> texts;
  const Json* value = Find(object, key);
  if (value == nullptr) return texts;
  if (!value->is_object()) throw BadPayload(where + key, "expected an object of strings");
  for (const auto& [name, text] : value->items()) {
    if (!text.is_string()) throw BadPayload(where + key + '.' + name, "expected a string");
    texts[name] = text.get<std::string>();
  }
  return texts;
}

// Alertmanager writes "0001-01-01T00:00:00Z" for "never": times before 1970 are the epoch.
Time TimeAt(const Json& object, const char* key, const std::string& where) {
  const std::string text = TextAt(object, key, where);
  if (text.empty() || text.starts_with("0001-01-01")) return Time();
  const Result<Time> time = ParseRfc3339(text);
  if (!time) {
    throw BadPayload(where + key, fmt::format("'{}' is not a time: expected RFC 3339", text));
  }
  return std::max(*time, Time());
}

AlertStatus StatusAt(const Json& alert, const std::string& where) {
  const std::string status = TextAt(alert, "status", where);
  if (status == "firing") return AlertStatus::kFiring;
  if (status == "resolved") return AlertStatus::kResolved;
  throw BadPayload(where + "status", fmt::format("expected firing or resolved, got '{}'", status));
}

AlertNotice NoticeFrom(const Json& alert, const std::string& where) {
  if (!alert.is_object()) throw BadPayload(where.substr(0, where.size() - 1), "expected an object");
  AlertNotice notice;
  notice.status = StatusAt(alert, where);
  const auto labels = TextsAt(alert, "labels", where);
  if (labels.empty()) throw BadPayload(where + "labels", "expected at least one label");
  notice.labels = Labels(std::vector<Labels::Pair>(labels.begin(), labels.end()));
  notice.annotations = TextsAt(alert, "annotations", where);
  notice.starts_at = TimeAt(alert, "startsAt", where);
  if (notice.starts_at == Time()) throw BadPayload(where + "startsAt", "expected a time");
  notice.ends_at = TimeAt(alert, "endsAt", where);
  notice.generator_url = TextAt(alert, "generatorURL", where);
  notice.fingerprint = TextAt(alert, "fingerprint", where);
  // Alertmanager before 0.16 sends none; the labels identify the alert as well.
  if (notice.fingerprint.empty()) notice.fingerprint = notice.labels.ToString();
  return notice;
}

void CheckVersion(const Json& body) {
  const Json* version = Find(body, "version");
  if (version == nullptr) throw BadPayload("version", "expected \"4\"");
  if (*version != "4") throw BadPayload("version", "expected \"4\", got " + version->dump());
}

Delivery DeliveryFrom(const Json& body) {
  if (!body.is_object()) throw BadPayload("body", "expected a JSON object");
  CheckVersion(body);
  Delivery delivery;
  delivery.group_key = TextAt(body, "groupKey", "");
  delivery.receiver = TextAt(body, "receiver", "");
  if (const Json* truncated = Find(body, "truncatedAlerts")) {
    if (!truncated->is_number_unsigned() || *truncated > std::numeric_limits<int>::max()) {
      throw BadPayload("truncatedAlerts", "expected a number from 0");
    }
    delivery.truncated_alerts = truncated->get<int>();
  }
  const Json* alerts = Find(body, "alerts");
  if (alerts == nullptr || !alerts->is_array()) throw BadPayload("alerts", "expected a list");
  if (alerts->size() > kMaxAlerts) {
    throw BadPayload("alerts",
                     fmt::format("{} are too many, at most {}", alerts->size(), kMaxAlerts));
  }
  for (size_t i = 0; i < alerts->size(); ++i) {
    delivery.alerts.push_back(NoticeFrom((*alerts)[i], fmt::format("alerts[{}].", i)));
  }
  return delivery;
}

// nlohmann's parser recurses with the nesting. A payload needs four levels.
bool IsTooDeep(std::string_view body) {
  constexpr int kMaxDepth = 32;
  int depth = 0;
  bool in_string = false;
  for (size_t i = 0; i < body.size(); ++i) {
    const char c = body[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > kMaxDepth) return true;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return false;
}

}  // namespace

Result<Delivery> ParseDelivery(std::string_view body) {
  if (IsTooDeep(body)) return Fail(ErrorCode::kInvalidArgument, "body: nested too deeply");
  try {
    return DeliveryFrom(Json::parse(body));
  } catch (const BadPayload& e) {
    return Fail(ErrorCode::kInvalidArgument, FirstWords(e.what(), kMaxReason));
  } catch (const Json::exception& e) {
    return Fail(ErrorCode::kInvalidArgument,
                FirstWords(fmt::format("body: not JSON: {}", e.what()), kMaxReason));
  }
}

}  // namespace promheal::healing
