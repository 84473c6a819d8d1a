#pragma once

#include <optional>
#include <string>

#include "webhook/core/override/action.h"
#include "webhook/core/override/override.h"
#include "webhook/executors/haproxy/runtime/runtime_session.h"
#include "webhook/executors/haproxy/setting.h"

namespace promheal::healing {

// One change in one HAProxy: looking, then writing where it may, then looking again, since HAProxy
// answers "done" also to what had no effect.

struct ChangeReport {
  ActionResult result = ActionResult::kUnknown;
  Standing found = Standing::kUnreadable;
  std::string text;    // "ready -> drain", "refused: ..."
  OverrideChange now;  // What to keep.
};

struct ChangeLimits {
  int min_active = 1;  // So many slots of a backend stay in service.
};

ChangeReport ApplyChange(RuntimeSession& session, const Setting& setting,
                         const OverrideChange& change, const ChangeLimits& limits,
                         const Clock& clock);

ChangeReport UndoChange(RuntimeSession& session, const Setting& setting,
                        const OverrideChange& change, const ChangeLimits& limits,
                        const Clock& clock);

// kDone where it could look.
ChangeReport InspectChange(RuntimeSession& session, const Setting& setting,
                           const OverrideChange& change, const Clock& clock);

// Fails where `value` would take a slot out of service and leave fewer than `min_active` others
// that take requests. A slot that takes none now may always go.
Status CheckStaysServed(RuntimeSession& session, const Setting& setting, std::string_view value,
                        const ChangeLimits& limits);

}  // namespace promheal::healing
