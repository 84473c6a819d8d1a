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

// `expires` is for readers; what counts stands with each place.
void to_json(Json& json, const HeldOverride& one) {
  json = {{"attempt_id", one.attempt_id},
          {"policy", one.policy},
          {"rung", one.rung},
          {"action", one.action},
          {"target", one.held.target},
          {"percent", one.held.percent},
          {"places", Json::array()},
          {"state", ToString(one.phase)},
          {"full_percent", one.full_percent},
          {"step", one.step},
          {"since", TimeJson(one.since)},
          {"step_since", TimeJson(one.step_since)},
          {"next_release", TimeJson(one.next_release)},
          {"tried_since", TimeJson(one.tried_since)},
          {"relapses", one.relapses},
          {"relapsed", one.relapsed}};
  for (const OverrideChange& change : one.held.changes) json["places"].push_back(ToJson(change));
  PutTime(json, "expires", ExpiresAt(one.held));
}

void from_json(const Json& json, HeldOverride& one) {
  json.at("attempt_id").get_to(one.attempt_id);
  json.at("policy").get_to(one.policy);
  json.at("rung").get_to(one.rung);
  json.at("action").get_to(one.action);
  json.at("target").get_to(one.held.target);
  json.at("percent").get_to(one.held.percent);
  for (const Json& change : json.at("places")) one.held.changes.push_back(ChangeFrom(change));
  one.phase = EnumAt(json, "state", HoldPhase::kUndoing);
  json.at("full_percent").get_to(one.full_percent);
  json.at("step").get_to(one.step);
  one.since = TimeAt(json, "since");
  one.step_since = TimeAt(json, "step_since");
  one.next_release = TimeAt(json, "next_release");
  one.tried_since = TimeAt(json, "tried_since");
  json.at("relapses").get_to(one.relapses);
  json.at("relapsed").get_to(one.relapsed);
}

}  // namespace promheal::healing
