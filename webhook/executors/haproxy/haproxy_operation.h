#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "webhook/executors/haproxy/setting.h"
#include "webhook/executors/operation_table.h"

namespace promheal::healing {

// An action's effect on a HAProxy.
enum class HaproxyOperation {
  kThrottle,
  kBreaker,
  kDrain,
  kReady,
  kMaint,
  kScaleOut,
  kScaleIn,
  kSetWeight,
  kSetMaxconn,
  kAddServer,
  kDelServer,
  kRedirect,
};

// OperationInfo, with the setting that the operation changes.
struct HaproxyOperationInfo {
  HaproxyOperation operation;
  std::string_view name;
  SettingKind kind;
  bool has_percent;   // It has degrees: the key `percent` sets its share.
  bool chooses_slot;  // The state of the backend decides which slot it changes, not the labels.
  std::string_view changes;
  std::string_view repeated;
  std::string_view undo;
  std::string_view needs;
  std::string_view not_undone = "";
};

const std::vector<HaproxyOperationInfo>& HaproxyOperations();
const HaproxyOperationInfo& InfoOf(HaproxyOperation operation);

// Its table in docs/actions.md.
std::string HaproxyReference();

}  // namespace promheal::healing
