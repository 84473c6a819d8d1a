#include "webhook/alerts/alertmanager_json.h"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "common/io/utf8.h"

namespace promheal::healing {
namespace {

using Json = nlohmann::json;

constexpr int kDeepest = 6;

Time TimeAt(const Json& alert, const char* key) {
  const Result<Time> time = ParseRfc3339(alert.at(key).get<std::string>());
  if (!time) throw std::runtime_error(fmt::format("{}: expected RFC 3339", key));
  return std::max(*time, Time());
}

KnownAlert AlertFrom(const Json& alert) {
  KnownAlert known;
  known.notice.fingerprint = alert.at("fingerprint").get<std::string>();
  if (known.notice.fingerprint.empty()) throw std::runtime_error("fingerprint: expected a text");
  for (const auto& [name, value] : alert.at("labels").items()) {
    known.notice.labels.Set(name, value.get<std::string>());
  }
  const Json annotations = alert.value("annotations", Json::object());
  for (const auto& [name, value] : annotations.items()) {
    known.notice.annotations[name] = value.get<std::string>();
  }
  known.notice.starts_at = TimeAt(alert, "startsAt");
  known.notice.generator_url = alert.value("generatorURL", "");
  const Json& status = alert.at("status");
  known.active = status.at("state").get<std::string>() == "active";
  status.at("silencedBy").get_to(known.silenced_by);
  return known;
}

}  // namespace

Result<std::vector<KnownAlert>> ParseKnownAlerts(std::string_view body) {
  try {
    const Json json =
        Json::parse(body, [](int depth, Json::parse_event_t, Json&) { return depth <= kDeepest; });
    if (!json.is_array()) return Fail(ErrorCode::kDataLoss, "expected a list of alerts");
    std::vector<KnownAlert> alerts;
    for (const Json& alert : json) alerts.push_back(AlertFrom(alert));
    return alerts;
  } catch (const std::exception& e) {
    return Fail(ErrorCode::kDataLoss,
                fmt::format("not an answer of Alertmanager: {}", FirstWords(e.what(), 200)));
  }
}

}  // namespace promheal::healing
