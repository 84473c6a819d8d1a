#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "webhook/executors/haproxy/setting.h"

namespace promheal::healing {

// What an action of the HAProxy executor does.
enum class Operation {
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

struct OperationInfo {
  Operation operation;
  std::string_view name;  // In the configuration.
  SettingKind kind;       // What it sets.
  bool has_percent;       // Comes in degrees; `percent` says how much.
  bool chooses_slot;      // Which slot follows from the state, not from labels.
  // For people, and for the reference of actions.
  std::string_view changes;
  std::string_view repeated;  // What doing it again does.
  std::string_view undo;
  std::string_view needs;
  std::string_view not_undone = "";  // See Executor.
};

// All of them, the least disruptive first as a rule; what a ladder tries first is for policies to
// say.
const std::vector<OperationInfo>& Operations();
const OperationInfo& InfoOf(Operation operation);

}  // namespace promheal::healing
