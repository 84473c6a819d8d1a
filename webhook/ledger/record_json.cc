#include "webhook/ledger/record_json.h"

#include <utility>

namespace promheal::healing {

using Json = nlohmann::json;

void to_json(Json& json, const AlertRecord& alert) {
  json = {{"source", alert.source},
          {"fingerprint", alert.fingerprint},
          {"labels", alert.labels},
          {"annotations", alert.annotations},
          {"generator_url", alert.generator_url},
          {"starts_at", TimeJson(alert.starts_at)},
          {"resolved_until", TimeJson(alert.resolved_until)},
          {"resolved_received_at", TimeJson(alert.resolved_received_at)},
          {"last_seen", TimeJson(alert.last_seen)},
          {"has_fired", alert.has_fired},
          {"doubtful", alert.doubtful}};
}

void from_json(const Json& json, AlertRecord& alert) {
  json.at("source").get_to(alert.source);
  json.at("fingerprint").get_to(alert.fingerprint);
  json.at("labels").get_to(alert.labels);
  json.at("annotations").get_to(alert.annotations);
  json.at("generator_url").get_to(alert.generator_url);
  alert.starts_at = TimeAt(json, "starts_at");
  alert.resolved_until = TimeAt(json, "resolved_until");
  alert.resolved_received_at = TimeAt(json, "resolved_received_at");
  alert.last_seen = TimeAt(json, "last_seen");
  json.at("has_fired").get_to(alert.has_fired);
  json.at("doubtful").get_to(alert.doubtful);
}

void to_json(Json& json, const CooldownRecord& cooldown) {
  Json uses = Json::array();
  for (const ActionUse& use : cooldown.uses) {
    uses.push_back({{"attempt_id", use.attempt_id}, {"at", TimeJson(use.at)}});
  }
  json = {{"target", cooldown.target},
          {"action", cooldown.action},
          {"attempt_id", cooldown.attempt_id},
          {"not_before", TimeJson(cooldown.not_before)},
          {"uses", std::move(uses)}};
}

void from_json(const Json& json, CooldownRecord& cooldown) {
  json.at("target").get_to(cooldown.target);
  json.at("action").get_to(cooldown.action);
  json.at("attempt_id").get_to(cooldown.attempt_id);
  cooldown.not_before = TimeAt(json, "not_before");
  // Records of earlier versions have no uses.
  for (const Json& use : json.value("uses", Json::array())) {
    cooldown.uses.push_back({use.at("attempt_id").get<std::string>(), TimeAt(use, "at")});
  }
}

void to_json(Json& json, const FrozenRecord& frozen) {
  json = {{"target", frozen.target}, {"until", TimeJson(frozen.until)}, {"reason", frozen.reason}};
  if (!frozen.by.empty()) json["by"] = frozen.by;
}

void from_json(const Json& json, FrozenRecord& frozen) {
  json.at("target").get_to(frozen.target);
  frozen.until = TimeAt(json, "until");
  json.at("reason").get_to(frozen.reason);
  frozen.by = json.value("by", "");
}

void to_json(Json& json, const Pause& pause) {
  json = {{"by", pause.by}, {"since", TimeJson(pause.since)}, {"why", pause.why}};
}

void from_json(const Json& json, Pause& pause) {
  json.at("by").get_to(pause.by);
  pause.since = TimeAt(json, "since");
  json.at("why").get_to(pause.why);
}

}  // namespace promheal::healing
