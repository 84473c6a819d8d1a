#include "webhook/healer/effects.h"

#include <utility>

namespace promheal::healing {
namespace {

// Changes the image, or returns the call.
class Application {
 public:
  Application(const std::string& key, const Incident& incident, const KnownConfigs& configs,
              LedgerImage& image, Spending& spending)
      : key_(key), incident_(incident), configs_(configs), image_(image), spending_(spending) {}

  std::optional<CallRequest> operator()(StartCooldown& start) {
    spending_.Start(image_, incident_.target, start);
    return std::nullopt;
  }
  std::optional<CallRequest> operator()(VoidCooldown& voided) {
    spending_.Void(image_, incident_.target, voided);
    return std::nullopt;
  }
  std::optional<CallRequest> operator()(FreezeTarget& freeze) {
    const FrozenRecord record{incident_.target, freeze.until, freeze.reason};
    // A longer freeze by a person stays.
    const FrozenRecord* known = image_.frozen.Find(KeyOf(record));
    if (known == nullptr || known->until < record.until) image_.frozen.Put(KeyOf(record), record);
    return std::nullopt;
  }
  std::optional<CallRequest> operator()(ExecuteAction& execute) {
    return Request(configs_.current(), std::move(execute));
  }
  std::optional<CallRequest> operator()(ObserveAction& observe) {
    return Request(configs_.current(), std::move(observe));
  }
  std::optional<CallRequest> operator()(GatherEvidence& gather) {
    return Request(configs_.current(), std::move(gather));
  }
  std::optional<CallRequest> operator()(PrepareOverride& prepare) {
    const ConfigSnapshot& config = configs_.Of(prepare.action.name);
    return Request(config, std::move(prepare));
  }
  std::optional<CallRequest> operator()(OperateOverride& operate) {
    const ConfigSnapshot& config = configs_.Of(operate.action);
    return Request(config, std::move(operate));
  }

 private:
  CallRequest Request(const ConfigSnapshot& config, Call call) const {
    return {key_, incident_.id, config, std::move(call)};
  }

  const std::string& key_;
  const Incident& incident_;
  const KnownConfigs& configs_;
  LedgerImage& image_;
  Spending& spending_;
};

}  // namespace

std::optional<CallRequest> Apply(const std::string& key, const Incident& incident, Effect effect,
                                 const KnownConfigs& configs, LedgerImage& image,
                                 Spending& spending) {
  return std::visit(Application(key, incident, configs, image, spending), effect);
}

}  // namespace promheal::healing
