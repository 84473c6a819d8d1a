#include "webhook/cli/incident_list.h"

#include <nlohmann/json.hpp>

namespace promheal::healing {

Result<std::vector<Incident>> DecodeIncidentList(std::string_view json) {
  const auto document = nlohmann::json::parse(json, nullptr, false);
  if (!document.is_object() || !document.contains("incidents") ||
      !document["incidents"].is_array()) {
    return Fail(ErrorCode::kDataLoss,
                "the answer is not a list of incidents: is this a healing_webhook?");
  }
  std::vector<Incident> incidents;
  for (const auto& each : document["incidents"]) {
    Result<Incident> incident = DecodeIncident(each.dump());
    if (!incident) return tl::make_unexpected(incident.error());
    incidents.push_back(*std::move(incident));
  }
  return incidents;
}

}  // namespace promheal::healing
