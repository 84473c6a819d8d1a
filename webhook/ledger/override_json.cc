#include "webhook/ledger/override_json.h"

namespace promheal::healing {
namespace {

using Json = nlohmann::json;

Json ToJson(const OverrideChange& change) {
  Json json = {{"keeper", change.keeper}, {"subject", change.subject}, {"before", change.before},
               {"after", change.after},   {"earlier", change.earlier}, {"run", change.run}};
  PutTime(json, "expires_at", change.expires_at);
  return json;
}

OverrideChange ChangeFrom(const Json& json) {
  OverrideChange change;
  json.at("keeper").get_to(change.keeper);
  json.at("subject").get_to(change.subject);
  json.at("before").get_to(change.before);
  json.at("after").get_to(change.after);
  json.at("earlier").get_to(change.earlier);
  json.at("run").get_to(change.run);
  change.expires_at = OptionalTimeAt(json, "expires_at");
  return change;
}

}  // namespace

// `expires` is only for readers of the JSON; each place has its own expiry.
void to_json(Json& json, const HeldOverride& override) {
  json = {{"attempt_id", override.attempt_id},
          {"policy", override.policy},
          {"rung", override.rung},
          {"action", override.action},
          {"target", override.held.target},
          {"percent", override.held.percent},
          {"places", Json::array()},
          {"state", ToString(override.phase)},
          {"full_percent", override.full_percent},
          {"step", override.step},
          {"since", TimeJson(override.since)},
          {"step_since", TimeJson(override.step_since)},
          {"next_release", TimeJson(override.next_release)},
          {"tried_since", TimeJson(override.tried_since)},
          {"relapses", override.relapses},
          {"relapsed", override.relapsed}};
  for (const OverrideChange& change : override.held.changes)
    json["places"].push_back(ToJson(change));
  PutTime(json, "expires", ExpiresAt(override.held));
}

void from_json(const Json& json, HeldOverride& override) {
  json.at("attempt_id").get_to(override.attempt_id);
  json.at("policy").get_to(override.policy);
  json.at("rung").get_to(override.rung);
  json.at("action").get_to(override.action);
  json.at("target").get_to(override.held.target);
  json.at("percent").get_to(override.held.percent);
  for (const Json& change : json.at("places")) override.held.changes.push_back(ChangeFrom(change));
  override.phase = EnumAt(json, "state", HoldPhase::kUndoing);
  json.at("full_percent").get_to(override.full_percent);
  json.at("step").get_to(override.step);
  override.since = TimeAt(json, "since");
  override.step_since = TimeAt(json, "step_since");
  override.next_release = TimeAt(json, "next_release");
  override.tried_since = TimeAt(json, "tried_since");
  json.at("relapses").get_to(override.relapses);
  json.at("relapsed").get_to(override.relapsed);
}

}  // namespace promheal::healing
