#include "webhook/effects.h"

#include <utility>

namespace promheal::healing {
namespace {

// Either writes to the ledger or says what to call.
class Application {
 public:
  Application(const std::string& key, const Incident& incident, const KnownConfigs& configs,
              LedgerImage& image)
      : key_(key), incident_(incident), configs_(configs), image_(image) {}

  std::optional<CallRequest> operator()(StartCooldown& start) {
    const CooldownRecord cooldown{incident_.target, start.action, start.attempt_id,
                                  start.not_before};
    image_.cooldowns.Put(KeyOf(cooldown), cooldown);
    return std::nullopt;
  }
  std::optional<CallRequest> operator()(VoidCooldown& voided) {
    const std::string cooldown_key =
        KeyOf(CooldownRecord{.target = incident_.target, .action = voided.action});
    const CooldownRecord* cooldown = image_.cooldowns.Find(cooldown_key);
    if (cooldown != nullptr && cooldown->attempt_id == voided.attempt_id) {
      image_.cooldowns.Erase(cooldown_key);
    }
    return std::nullopt;
  }
  std::optional<CallRequest> operator()(FreezeTarget& freeze) {
    const FrozenRecord record{incident_.target, freeze.until, freeze.reason};
    image_.frozen.Put(KeyOf(record), record);
    return std::nullopt;
  }
  std::optional<CallRequest> operator()(ExecuteAction& execute) {
    return Request(configs_.now(), std::move(execute));
  }
  std::optional<CallRequest> operator()(ObserveAction& observe) {
    return Request(configs_.now(), std::move(observe));
  }
  std::optional<CallRequest> operator()(GatherEvidence& gather) {
    return Request(configs_.now(), std::move(gather));
  }
  std::optional<CallRequest> operator()(PrepareOverride& prepare) {
    const ConfigSnapshot& config = configs_.Of(prepare.action.name);
    return Request(config, std::move(prepare));
  }
  std::optional<CallRequest> operator()(StepOverride& step) {
    const ConfigSnapshot& config = configs_.Of(step.action);
    return Request(config, std::move(step));
  }

 private:
  CallRequest Request(const ConfigSnapshot& config, Call call) const {
    return {key_, incident_.id, config, std::move(call)};
  }

  const std::string& key_;
  const Incident& incident_;
  const KnownConfigs& configs_;
  LedgerImage& image_;
};

}  // namespace

std::optional<CallRequest> Apply(const std::string& key, const Incident& incident, Effect effect,
                                 const KnownConfigs& configs, LedgerImage& image) {
  return std::visit(Application(key, incident, configs, image), effect);
}

}  // namespace promheal::healing
